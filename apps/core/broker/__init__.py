"""The embedded broker: Celery's queue in Django's own database, `CELERY_BROKER_URL=djangodb://`.

- `messages`: what happens to the rows (put, claim, finish, hand back, bury, revive);
- `leases`: the thread that keeps the leases of the messages a worker holds;
- `transport`: how kombu, and so Celery, sees it.

One machine and modest traffic; Redis or RabbitMQ by environment beyond that. Why: docs/decisions.
Nothing is imported here, because Celery registers the transport before Django's apps are ready.
"""
