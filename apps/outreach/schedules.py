from apps.core.schedules import Schedule

SCHEDULES = [Schedule(name="outreach tick", task="outreach.tick", every=5)]
