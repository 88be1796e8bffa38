"""Where a cloud's own services start the flows: thin, the work is in flows/. See docs/clouds.md."""
