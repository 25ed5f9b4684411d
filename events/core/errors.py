"""Refusals: what an action raises, in codes; the doors turn them into status and sentence."""

RETRY_AFTER_SECONDS = 3  # seconds, as a guess, that what does not answer needs


class Refused(Exception):
    """Something was asked that will not be done. `code` names why, `params` fill its sentence."""

    status = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotFound(Refused):
    """Absent, or not for this reader: the two are never told apart."""

    status = 404

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Forbidden(Refused):
    """The reader may know of it but may not do this."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class Invalid(Refused):
    """Input that cannot be used; `fields` lists (field, code) pairs, field "" for the form as a whole."""

    status = 422

    def __init__(
        self, code: str = "invalid", fields: list[tuple[str, str]] | None = None, **params: object
    ) -> None:
        super().__init__(code, **params)
        self.fields = fields if fields is not None else [("", code)]


class Conflict(Refused):
    """Right in itself, but the state has moved on meanwhile."""

    status = 409


class TooMany(Refused):
    """Too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, retry_after: int, code: str = "too_many", **params: object) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after


class Unavailable(Refused):
    """Our side cannot do it just now; trying again in `retry_after` seconds makes sense."""

    status = 503

    def __init__(
        self, retry_after: int = RETRY_AFTER_SECONDS, code: str = "unavailable", **params: object
    ) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after
