"""Stacks made up at random, written in every language that is read, and what must hold of every verdict on them."""
