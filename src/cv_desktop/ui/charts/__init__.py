"""Painted figures: envelope, campaign line, marks. Each tells its content as a sentence."""
