"""Checkpoints of the ledger, and the proofs that rest on them."""
