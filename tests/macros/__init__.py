"""The portable macros, proven: vectors, properties, refusals and mutants, on every engine that can be had (docs/macros.md)."""
