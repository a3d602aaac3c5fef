"""A code-intelligence daemon: one background service per project."""

__version__ = "0.1.0"
