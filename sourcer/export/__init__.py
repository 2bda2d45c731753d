"""Shortlists that leave the house: rows of candidates as CSV."""

from sourcer.export.csv import write_csv
from sourcer.export.rows import HEADER, export_rows

__all__ = ["HEADER", "export_rows", "write_csv"]
