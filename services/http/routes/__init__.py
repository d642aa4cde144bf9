"""The routes of the HTTP interface, one file an area."""
