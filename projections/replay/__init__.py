"""Replay: what was known, or true, on any day, put together from facts alone."""
