from apps.core.schedules import Schedule

SCHEDULES = [
    Schedule(name="apologies tick", task="apologies.tick", every=60),
    # Each hour, so that a coupon has run out soon after the shop's midnight
    Schedule(name="coupon expiry", task="apologies.expire_compensations", every=3600),
]
