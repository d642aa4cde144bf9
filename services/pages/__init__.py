"""The pages: desk, alerts and cases for people with a browser, drawn by the server, without script."""
