"""The rules and their words. Plain Python: no Qt, no SQL, no files."""
