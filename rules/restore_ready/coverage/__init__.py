"""Which backup selection covers which file system?"""
