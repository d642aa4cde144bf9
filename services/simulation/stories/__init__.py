"""The stories by area; each takes from a district's table what its rule text demands."""
