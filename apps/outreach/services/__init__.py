"""The verbs of outreach: what is queued, taken back, sent, told by the provider and suppressed."""
