"""The evidence package: a folder that proves by itself what a district's ledger held, and a verifier in it."""
