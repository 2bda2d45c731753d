"""Shortlists that leave the house: CSV, XLSX or JSON Lines in the columns that a receiver wants, and the report."""

from sourcer.export.against import Known, ReadUrl, read_known
from sourcer.export.columns import Columns, load_columns
from sourcer.export.exporting import FORMATS, Exported, Format, Order, format_of, manifest_of, write_people
from sourcer.export.fields import FIELDS, GENERIC, View
from sourcer.export.files import outgoing
from sourcer.export.manifest import Manifest
from sourcer.export.people import choose
from sourcer.export.report import report_html, write_report

__all__ = [
    "FIELDS",
    "FORMATS",
    "GENERIC",
    "Columns",
    "Exported",
    "Format",
    "Known",
    "Manifest",
    "Order",
    "ReadUrl",
    "View",
    "choose",
    "format_of",
    "load_columns",
    "manifest_of",
    "outgoing",
    "read_known",
    "report_html",
    "write_people",
    "write_report",
]
