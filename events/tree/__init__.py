"""The tree of RFC 6962 over the facts of a district, and what is proved, signed and witnessed of it."""
