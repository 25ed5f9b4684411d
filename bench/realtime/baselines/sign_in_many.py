"""Bulk sign-in: one user, membership of the demo circle and sign-in row for each viewer.

python -m bench.realtime.baselines.sign_in_many 1000    prints their cookies as JSON
"""

import json
import os
import subprocess
import sys

from flask import Flask
from sqlalchemy import insert, select

from events.accounts.models import SignIn, User
from events.app import create_app
from events.circles.models import Circle, Membership
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.seed.people_data import CIRCLE_SLUG
from tests.support.processes import ROOT


def sign_in_many(environment: dict[str, str], count: int) -> list[str]:
    """The cookies of so many people, each of whom is a member of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.realtime.baselines.sign_in_many", str(count)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    cookies: list[str] = json.loads(done.stdout.splitlines()[-1])
    return cookies


def main(count: int) -> None:
    app, moment = create_app(), clock.now()
    people = [(new_id(), new_id()) for _ in range(count)]
    users = [
        {"id": user, "name": f"Kijker {at}", "email": f"kijker{at}@demo.test", "confirmed_at": moment,
         "created_at": moment}
        for at, (user, _sign_in) in enumerate(people)
    ]  # fmt: skip
    sign_ins = [
        {"id": sign_in, "user_id": user, "created_at": moment, "last_seen_at": moment, "how": "link",
         "expires_at": moment + app.permanent_session_lifetime}
        for user, sign_in in people
    ]  # fmt: skip
    with unit_of_work() as db:
        circle_id = db.scalars(select(Circle.id).where(Circle.slug == CIRCLE_SLUG)).one()
        db.execute(insert(User), users)
        db.execute(insert(SignIn), sign_ins)
        db.execute(
            insert(Membership),
            [{"circle_id": circle_id, "user_id": user, "created_at": moment} for user, _sign_in in people],
        )
    print(json.dumps([cookie_of(app, sign_in) for _user, sign_in in people]))


def cookie_of(app: Flask, sign_in_id: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of a cookie
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': sign_in_id})}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
