"""Replay at work: reading what it needs from the ledger, and from the views as far as they have come."""
