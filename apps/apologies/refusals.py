"""Why something cannot be done with an offer. The message says what to change."""


class Refused(ValueError):
    """The request cannot be done as it is."""


class OverLimit(Refused):
    """It is more than somebody's word goes, or than a budget holds."""
