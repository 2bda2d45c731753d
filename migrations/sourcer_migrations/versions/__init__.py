"""The revisions, one module each, oldest number first."""
