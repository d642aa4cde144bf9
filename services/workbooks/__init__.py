"""Excel workbooks: what people fill in, what is read of it, and tables that go out."""
