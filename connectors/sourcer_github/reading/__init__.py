"""Raw terms out of the files of strangers: nothing is run, nothing raises, everything is capped.

:func:`is_read` says by name and folder whether a file's content is worth asking for, :func:`read_file` what it tells.
"""

from sourcer_github.reading.choosing import is_read, read_file
from sourcer_github.reading.shape import MOST_CHARACTERS, MOST_TERMS, Reading

__all__ = ["MOST_CHARACTERS", "MOST_TERMS", "Reading", "is_read", "read_file"]
