"""The process that judges and feeds the views beside the one that holds the ledger and answers."""
