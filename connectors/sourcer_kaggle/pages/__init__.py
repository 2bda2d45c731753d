"""Profile pages that a user saved by hand."""

from sourcer_kaggle.pages.reader import SavedPages

__all__ = ["SavedPages"]
