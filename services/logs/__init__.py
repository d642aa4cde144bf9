"""Logging: how a line is written, every event there is, and what an operator does about it."""
