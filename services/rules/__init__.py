"""The rulebooks to people: their provisions, explained and compared, their cases run, and how well these guard them."""
