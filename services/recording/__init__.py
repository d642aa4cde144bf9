"""The way in: who may record what, what is impossible, and what becomes of a request."""
