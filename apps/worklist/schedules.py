from apps.core.schedules import Schedule

SCHEDULES = [Schedule(name="worklist sweep", task="worklist.sweep", every=60)]
