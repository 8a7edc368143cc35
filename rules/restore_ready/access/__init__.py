"""Who may start a restore, and with which role?"""
