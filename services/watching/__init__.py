"""The watch at work: it judges what is recorded, records the alerts, and lets due moments pass into the ledger."""
