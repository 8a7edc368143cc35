variable "arns" {
  type = list(string)
}

variable "file_system" {
  type = any
}

output "arns" {
  value = var.arns
}

output "first" {
  value = var.arns[0]
}

output "arn" {
  value = var.file_system.arn
}
