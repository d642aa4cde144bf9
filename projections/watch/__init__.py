"""The watch: how every rule stands, a pure function of the facts in ledger order."""
