"""House settings at work: adopted by a recorded fact, kept beside the ledger, explained."""
