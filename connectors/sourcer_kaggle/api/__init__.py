"""Kaggle's API."""

from sourcer_kaggle.api.reader import Api

__all__ = ["Api"]
