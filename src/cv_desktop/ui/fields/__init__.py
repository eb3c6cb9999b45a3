"""Fields of forms: label above, value, reason of a refusal under."""
