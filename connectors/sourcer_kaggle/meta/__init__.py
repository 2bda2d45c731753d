"""Meta Kaggle, the official daily tables about everybody on Kaggle, joined by a query engine without loading them."""

from sourcer_kaggle.meta.reader import MetaKaggle

__all__ = ["MetaKaggle"]
