"""What the watch and the views are kept in: a SQLite file or a PostgreSQL database, behind one port."""
