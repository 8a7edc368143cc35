"""Reads live AWS accounts: what is asked, how, and what came back."""
