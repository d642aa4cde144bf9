"""The access ledger: who read, exported or was refused."""
