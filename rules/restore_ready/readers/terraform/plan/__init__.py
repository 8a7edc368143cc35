"""Reads plans of Terraform and OpenTofu: the same blocks as those of a configuration, made from the plan's JSON."""

from restore_ready.readers.terraform.plan._read import read_plan

__all__ = ["read_plan"]
