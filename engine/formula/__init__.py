"""Formulas: read, checked, worked out; no text of theirs is ever run as code."""
