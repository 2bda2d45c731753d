"""The commands, a module for each part of a user's day; :mod:`sourcer.cli` puts them together."""
