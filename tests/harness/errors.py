"""What ends a run before a verdict: a user's mistake, or a target that cannot be had."""


class UsageError(Exception):
    """The user's own files or options are wrong. One line; nothing was sent; exit 4."""


class TargetError(Exception):
    """The target, its server or its token cannot be had. One line; exit 6."""


class Exhausted(Exception):
    """The budget of requests of this run is used up, or the target is given up."""
