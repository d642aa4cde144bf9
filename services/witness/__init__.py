"""The witness: a small program of its own, for who does not trust the ledger's house, with a key and folder of its own.

It imports nothing of the system but the forms and proofs in `events` (checked by import-linter).
"""
