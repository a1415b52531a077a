"""What can go wrong with the store, in words that do not depend on the engine."""


class StoreError(Exception):
    """The database refused or failed; the transaction under way is undone."""


class Refused(StoreError):
    """A rule written in the schema forbids this row (unique, check, foreign key, trigger)."""


class Taken(Refused):
    """Another row has this already: a unique index forbids it."""


class Busy(StoreError):
    """Somebody else kept the database for longer than the busy timeout."""


class Unwritable(StoreError):
    """The disk is full, read-only or broken: nothing was recorded."""
