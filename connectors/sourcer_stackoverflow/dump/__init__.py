"""A site's official data dump, read without loading it: files, rows, a temporary join, people."""

from sourcer_stackoverflow.dump.reader import DumpReader

__all__ = ["DumpReader"]
