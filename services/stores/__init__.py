"""Where ledger and views are kept, in files or in PostgreSQL: opened, read by many, moved from one to the other."""
