"""The rows of the views: how they are fed step by step, stored, asked page by page, and kept as known on any day."""
