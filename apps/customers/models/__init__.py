from .customer import Customer, first_name_of
from .order import Order
from .permission import Channel, Permission, Purpose

__all__ = ["Channel", "Customer", "Order", "Permission", "Purpose", "first_name_of"]
