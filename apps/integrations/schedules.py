from apps.core.schedules import Schedule

SCHEDULES = [Schedule(name="import sweep", task="integrations.sweep_imports", every=60)]
