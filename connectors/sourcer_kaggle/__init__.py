"""Kaggle for Sourcer: people who compete and publish there, by Meta Kaggle, by saved pages, or by the API."""

from sourcer_kaggle.connector import Kaggle

__all__ = ["Kaggle"]
