"""Turns the changes that findings carry into edits of the sources, proves them on a copy, and makes them."""
