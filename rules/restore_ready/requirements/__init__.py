"""What is required here? The requirements file, ``restore-ready.yaml``: where it is found and what stands in it."""
