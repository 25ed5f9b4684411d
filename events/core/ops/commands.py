"""Base class of command-line commands: names the installation and reports outages in one sentence."""

from typing import Any

import click
from flask.cli import ScriptInfo
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from typing_extensions import override

from events.core.config import Settings
from events.core.outages import database_outage, redis_outage


class OnInstallation(click.Command):
    """A command that first writes to stderr which installation it works on."""

    @override
    def invoke(self, ctx: click.Context) -> Any:
        settings = ctx.ensure_object(ScriptInfo).load_app().config.get("SETTINGS")
        if settings is not None:
            click.echo(f"Installation {describe(settings)}", err=True)
        try:
            return super().invoke(ctx)
        except SQLAlchemyError as error:
            if (reason := database_outage(error)) is None:
                raise
            said = str(getattr(error, "orig", error)).strip()
            raise click.ClickException(f"The database cannot be used: {reason}.\n{said}") from None
        except RedisError as error:
            raise click.ClickException(f"Redis cannot be used: {redis_outage(error)}.") from None


def describe(settings: Settings) -> str:
    """Address and database of an installation, without the password."""
    kind = "" if settings.production else ", a trial on this machine"
    try:
        url = make_url(settings.database_url).set(query={})
    except (ArgumentError, ValueError):
        return f"{settings.public_url}{kind}, without a database that can be read"
    return f"{settings.public_url}{kind}, database {url.render_as_string(hide_password=True)}"
