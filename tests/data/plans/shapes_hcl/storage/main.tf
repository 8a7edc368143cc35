variable "label" {
  type = string
}

resource "aws_efs_file_system" "this" {
  count = var.label == "none" ? 0 : 1
}

output "arn" {
  value = try(aws_efs_file_system.this[0].arn, null)
}

output "whole" {
  value = { arn = aws_efs_file_system.this[0].arn }
}
