"""Previews: facts tried on a throwaway watch, and what would come of them if they were recorded now."""
