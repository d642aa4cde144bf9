"""What public records say happened: from the rows of the four files to facts."""
