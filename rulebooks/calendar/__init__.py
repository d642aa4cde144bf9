"""Which days are worked, by what was published, adopted and declared; and the periods in which things are counted."""
