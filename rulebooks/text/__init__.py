"""The text of a district's work rules, and the proof that a rulebook covers it."""
