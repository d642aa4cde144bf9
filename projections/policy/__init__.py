"""House settings: what may be set, how it is read, and which settings rule when."""
