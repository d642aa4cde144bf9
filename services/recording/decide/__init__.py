"""What is impossible, one file a kind of case: pure functions from a fact and what its case holds to a refusal."""
