"""The watch and the views; imports rulebooks and events."""
