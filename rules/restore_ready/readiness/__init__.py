"""Is each file system ready to be restored? The rules' verdicts and the restore chains, asked for one file system."""
