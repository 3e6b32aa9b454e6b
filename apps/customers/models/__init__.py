from .customer import Customer
from .order import Order
from .permission import Channel, Permission, Purpose

__all__ = ["Channel", "Customer", "Order", "Permission", "Purpose"]
