"""Finds sources, reads them and judges them."""
