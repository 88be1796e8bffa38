"""Files: what load jobs read and exports write."""
