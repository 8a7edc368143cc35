"""Do restored files get back to where they belong?"""
