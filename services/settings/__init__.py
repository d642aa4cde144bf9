"""The settings of the program: what there are, where their values come from, and what they may be."""
