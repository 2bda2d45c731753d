"""Sourcer finds people who really build and run machine learning systems, from what they show in public."""

__version__ = "0.1.0"
