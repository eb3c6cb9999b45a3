"""The base: stores and reads, and is the only place that writes SQL."""
