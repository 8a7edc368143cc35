"""What do the recovery points and jobs of a live account say?"""
