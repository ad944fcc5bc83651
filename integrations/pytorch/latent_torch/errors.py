"""The one kind of error that this package raises on purpose."""


class LatentError(Exception):
    """What is wrong, where, what would have been right, what was found, and what to do: one line."""

    def __init__(self, what, at=None, expected=None, found=None, remedy=None):
        details = [f"{word} {value}" for word, value in (("expected", expected), ("found", found)) if value is not None]
        line = (f"{at}: " if at is not None else "") + what + (f" ({', '.join(details)})" if details else "")
        line += f"; {remedy}" if remedy else ""
        # Names from files must not be able to begin a line of their own or to control a terminal.
        super().__init__("".join(c if c.isprintable() else "?" for c in line))
