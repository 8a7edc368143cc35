"""Is a restore tested, how often, and can the test work?"""
