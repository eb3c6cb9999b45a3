"""Import: from a file to the campaign."""
