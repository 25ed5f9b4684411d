"""Exceptions that actions raise to refuse a request; the web and socket layers turn codes into
sentences.
"""

RETRY_AFTER_SECONDS = 3  # a guess at how long a server needs that does not answer now


class Refused(Exception):
    """A request that is refused. `code` names the reason, `params` fill its sentence."""

    status = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotFound(Refused):
    """Absent, or hidden from this reader: callers must not be able to tell which."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Forbidden(Refused):
    """The reader may see the thing but may not do this with it."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class Invalid(Refused):
    """Input that fails validation; `fields` lists (field, code), field "" for the whole form."""

    status = 422

    def __init__(
        self, code: str = "invalid", fields: list[tuple[str, str]] | None = None, **params: object
    ) -> None:
        super().__init__(code, **params)
        self.fields = fields if fields is not None else [("", code)]


class Conflict(Refused):
    """A valid request against a state that has changed since the reader saw it."""

    status = 409


class TooMany(Refused):
    """A rate limit was exceeded; `retry_after` is in seconds."""

    status = 429

    def __init__(self, retry_after: int, code: str = "too_many", **params: object) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after


class Unavailable(Refused):
    """A temporary failure of the server; `retry_after` is in seconds."""

    status = 503

    def __init__(
        self, retry_after: int = RETRY_AFTER_SECONDS, code: str = "unavailable", **params: object
    ) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after
