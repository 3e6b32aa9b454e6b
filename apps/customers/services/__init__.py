"""What can be done to a customer."""

from ..zones import customer_zone
from .notes import write_note
from .permissions import refuse_calls, set_permission
from .standing import refresh_vip_standing

__all__ = ["customer_zone", "refresh_vip_standing", "refuse_calls", "set_permission", "write_note"]
