"""When may a backup job run?"""
