"""Advice: what of the set-up would surprise, and why a sale gave no points."""
