"""Faust workers: they host the watch and the views, and share the districts among them."""
