"""Rule kinds, calendar and the rulebooks of the districts; imports only events."""
