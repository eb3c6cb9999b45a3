"""What is seen: screens, and what they are made of."""
