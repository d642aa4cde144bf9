"""The ledger: its port, what every store of it shares, and the one in memory."""
