"""GitHub for Sourcer: people by the topics of their repositories, and what those repositories show."""

from sourcer_github.connector import GitHub

__all__ = ["GitHub"]
