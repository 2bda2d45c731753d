"""Shortlists that leave the house: candidates as CSV, XLSX or JSON Lines, in the columns that a receiver wants."""

from sourcer.export.columns import Columns, load_columns
from sourcer.export.exporting import FORMATS, Exported, Format, Order, format_of, manifest_text, write_people
from sourcer.export.fields import FIELDS, GENERIC, View
from sourcer.export.files import outgoing

__all__ = [
    "FIELDS",
    "FORMATS",
    "GENERIC",
    "Columns",
    "Exported",
    "Format",
    "Order",
    "View",
    "format_of",
    "load_columns",
    "manifest_text",
    "outgoing",
    "write_people",
]
