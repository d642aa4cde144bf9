"""The language in which rules are written: paths, conditions, clauses and limits, compiled to functions."""
