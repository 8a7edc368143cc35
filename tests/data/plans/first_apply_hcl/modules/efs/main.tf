variable "label" {}

resource "aws_efs_file_system" "this" {
  tags = { Name = var.label }
}

output "arn" {
  value = aws_efs_file_system.this.arn
}
