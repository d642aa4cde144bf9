"""The vocabulary of facts and the ledger that keeps them; imports nothing of ours."""
