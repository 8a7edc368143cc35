"""The requirements file, ``restore-ready.yaml``: where it is looked for and what stands in it."""
