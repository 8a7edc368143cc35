"""Who can restore a file system: each principal's path from the call to the key."""
