"""Arbitrage: the envelope, the amounts of a scenario, the lot submitted to the vote."""
