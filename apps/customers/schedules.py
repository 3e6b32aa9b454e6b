from apps.core.schedules import Schedule

SCHEDULES = [Schedule(name="vip standing", task="customers.refresh_vip_standing", every=3600)]
