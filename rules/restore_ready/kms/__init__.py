"""May the role use the key?"""
