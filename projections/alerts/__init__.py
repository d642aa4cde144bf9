"""Alerts: their life, the facts that tell it, how they are listed, and who is told of those overdue."""
