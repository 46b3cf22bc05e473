"""Sentences that are put together for people to read."""
