from apps.core.schedules import Schedule

SCHEDULES = [Schedule(name="campaigns", task="campaigns.run", every=15 * 60)]
