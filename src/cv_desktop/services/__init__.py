"""The verbs of the house: each applies the rules, writes in the session it is given, and journals."""
