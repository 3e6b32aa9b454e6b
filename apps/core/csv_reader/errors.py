class UnusableFile(Exception):
    """The whole file cannot be used; nothing of it was taken. The message says why and what to do."""


class Unreadable(ValueError):
    """One cell cannot be read. The message follows the column's name: `is not a date: "31.31.2017"`."""
