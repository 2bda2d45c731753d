"""The columns of an export as data: which fields, under which headers, within which limits."""

from sourcer.export.columns.model import KNOWN, Column, Columns, load_columns

__all__ = ["KNOWN", "Column", "Columns", "load_columns"]
