"""The views: what people and programs look at, each a function of the facts, saved with its position."""
