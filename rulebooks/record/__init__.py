"""What the record says of a moment: case files, roster, absences, mandates, who was in the room."""
