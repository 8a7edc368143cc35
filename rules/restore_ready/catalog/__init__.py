"""The rules, one to a file: the docstring is the page, ``judge`` the rule, ``RULE`` its entry."""
