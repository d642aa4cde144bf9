"""What a process of this program is made of: threads that work and take turns, and processes that it begins."""
