"""The HTML report: templates, and what they are filled with. It loads nothing and works without scripts and styles."""
