"""CloudFormation templates, SAM and CDK output included."""
