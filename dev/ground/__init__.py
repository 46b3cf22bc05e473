"""The ground the add-on stands on while it is developed.

One file per concern; everything here uses the standard library only, because
it runs before any Python package has been installed.
"""
