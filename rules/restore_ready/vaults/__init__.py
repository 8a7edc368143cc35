"""Which vault is meant, what does it lock, who hears of it, which recovery points lie in it?"""
