"""Back-up of the embedded ledger while it runs, and its restoration."""
