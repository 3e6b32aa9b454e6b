from apps.core.schedules import Schedule

SCHEDULES = [
    Schedule(name="outreach tick", task="outreach.tick", every=5),
    Schedule(name="mail events", task="outreach.read_events", every=60),
    Schedule(name="old mail events", task="outreach.forget_calls", every=3600),
    Schedule(name="mail replies", task="outreach.read_replies", every=60),
]
