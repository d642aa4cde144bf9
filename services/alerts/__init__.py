"""Alerts as they are listed, shown on a terminal as they come, and written as a table."""
