"""The archive package for the records office: closed cases by year and retention, with the four tests of the field."""
