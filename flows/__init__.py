"""Flows that carry data from the systems of record to a Customer 360: one module per verb."""
