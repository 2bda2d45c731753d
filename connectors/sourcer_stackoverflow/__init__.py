"""Stack Exchange for Sourcer: people who answer, by a site's official data dump."""

from sourcer_stackoverflow.connector import StackOverflow

__all__ = ["StackOverflow"]
