"""The demonstration that `make run` gives: public records and a simulated year, played, watched and summed up."""
