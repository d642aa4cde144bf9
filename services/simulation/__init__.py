"""An invented year of a real district: an oracle of its own, which reads neither the rulebooks nor the watch."""
