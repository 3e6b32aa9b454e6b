from apps.core.business_time import BusinessCalendar

from .models import Shop


def shop_calendar(shop: Shop | None = None) -> BusinessCalendar:
    """The business days and hours of the shop: the usual week where it has none."""
    shop = shop or Shop.current()
    return BusinessCalendar(shop.zone, shop.week(), shop.country, shop.subdivision)
