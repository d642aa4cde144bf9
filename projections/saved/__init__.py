"""What is saved of the watch and its alerts, so that it goes on from there, and who may save it."""
