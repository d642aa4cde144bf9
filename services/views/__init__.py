"""The views at work: kept up with the ledger, asked, and their ids given names."""
