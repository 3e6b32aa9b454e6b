"""How a shop's files of customers and orders become rows."""

from .batch import Batch, Counts, FileImport, Settings
from .customers import CustomersImport
from .notes import Note, Notes
from .orders import OrdersImport

__all__ = [
    "Batch",
    "Counts",
    "CustomersImport",
    "FileImport",
    "Note",
    "Notes",
    "OrdersImport",
    "Settings",
]
