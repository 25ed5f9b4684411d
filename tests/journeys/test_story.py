"""The story that must always work, played by five people against the running product."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from events.core.media.files import make_test_film
from tests.core.test_itip import read_back
from tests.journeys.browser_person import Person
from tests.support.processes import ROOT, Ontmoet

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TITLE = "Offertes die een ja krijgen"
FILM = "/static/vendor/demo/film.m3u8"
MOVING = re.compile(r"^([2-9]\d|\d{3,})$")  # at least twenty decoded frames

pytestmark = pytest.mark.journey
People = dict[str, Person]


def test_five_people_go_from_an_empty_database_to_a_report(people: People, ontmoet: Ontmoet) -> None:
    make_test_film(ROOT / "static" / "vendor" / "demo")
    anna, bram, chris, dana, olga = (people[name] for name in ("Anna", "Bram", "Chris", "Dana", "Olga"))
    circle = a_circle_with_members(anna, [bram, chris, dana])
    path = a_livestream_is_published(anna, circle, ontmoet)
    register_from_the_mail(bram)
    the_entry_is_in_the_calendar(bram)
    an_outsider_reads_how_to_come_and_nothing_more(olga, path)
    every_page_turns_live_by_itself(anna, [bram, chris], path, ontmoet)
    they_chat_ask_and_vote(anna, bram, chris, path)
    every_page_ends_with_one_button(anna, [bram, chris], path)
    for person in (bram, chris, anna):
        assert say_yes(person, path) <= 6
    the_recording_follows(anna, dana, path)
    say_yes(dana, path)
    the_round_closes(anna, path)
    pair = everyone_has_a_coffee([anna, bram, chris, dana])
    start = both_accept(*pair)
    they_meet(*pair, start, ontmoet)
    afterwards_they_answer(*pair)
    the_report_counts_it(anna, path)


def a_circle_with_members(anna: Person, members: list[Person]) -> str:
    """Step 1: Anna makes an account and a circle, and invites by mail; they join from the mail."""
    anna.page.goto("/sign-up")
    anna.page.fill("[name=name]", "Anna")
    anna.page.fill("[name=email]", anna.email)
    anna.send_form("/sign-up")
    anna.open_mail("evestig")
    anna.send_form("/k/")
    anna.page.goto("/circles/new")
    anna.page.fill("[name=name]", "Bedrijvenkring Demo")
    anna.send_form("/circles/new")
    expect(anna.page).to_have_url(re.compile(r"/circles/bedrijvenkring-demo-\w+/livestreams/new$"))
    circle = re.search(r"/circles/([a-z0-9-]+)", anna.page.url)
    assert circle is not None
    anna.page.goto(f"/circles/{circle[1]}/invite")
    anna.page.fill("[name=addresses]", "\n".join(f"{one.name} <{one.email}>" for one in members))
    anna.send_form("/invite")
    for person in members:
        person.open_mail("Bedrijvenkring Demo")
        person.send_form("/k/")
        expect(person.page.get_by_role("heading", level=1)).to_be_visible()
        person.page.context.clear_cookies()  # from here on they come by their mails only
    return circle[1]


def a_livestream_is_published(anna: Person, circle: str, ontmoet: Ontmoet) -> str:
    """Step 2: title, time, source and kind; members get a mail with a personal link."""
    start = ontmoet.now().astimezone(AMSTERDAM) + timedelta(hours=2)
    anna.page.goto(f"/circles/{circle}/livestreams/new")
    anna.page.fill("[name=title]", TITLE)
    anna.page.fill("[name=day]", f"{start:%Y-%m-%d}")
    anna.page.fill("[name=hour]", f"{start:%H:%M}")
    anna.page.fill("[name=source]", ontmoet.url + FILM)
    anna.send_form("/livestreams/new")
    anna.send_form("/publish")
    found = re.search(r"/livestreams/([a-z0-9-]+)", anna.page.url)
    assert found is not None
    return f"/livestreams/{found[1]}"


def register_from_the_mail(bram: Person) -> None:
    """Step 3: one press, no sign-in form."""
    bram.open_mail(TITLE)
    expect(bram.page).to_have_url(re.compile(r"/livestreams/"))
    assert "/k/" not in bram.page.url
    bram.send_form("/registration")
    expect(bram.page.locator("form[action$='/registration/withdraw']").first).to_be_attached()


def the_entry_is_in_the_calendar(bram: Person) -> None:
    mail = bram.mail(TITLE, with_calendar=True)
    (invitation,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    read = read_back(invitation.get_payload(decode=True))  # type: ignore[arg-type]  # bytes when decoded
    assert read["method"] == "REQUEST"
    assert read["entries"][0]["attendees"][0][0] == f"mailto:{bram.email}"


def an_outsider_reads_how_to_come_and_nothing_more(olga: Person, path: str) -> None:
    """Guests are welcome, so a shared link says what it is; the page itself stays closed."""
    olga.page.goto(path)
    expect(olga.page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(olga.page.locator("form[action='/sign-in'] button[value='link']")).to_be_visible()
    expect(olga.page.locator(f"a[href='{path}/guest']")).to_be_visible()
    assert "Bram" not in olga.page.content()


def every_page_turns_live_by_itself(anna: Person, viewers: list[Person], path: str, ontmoet: Ontmoet) -> None:
    """Still step 3: the lobby opens, and when Anna starts, open pages follow without being loaded anew."""
    viewers[1].open_mail(TITLE)
    viewers[0].page.goto(path)
    for person in viewers:
        person.mark_page()
    ontmoet.travel_to(ontmoet.now() + timedelta(hours=1, minutes=50))
    for person in viewers:
        expect(person.page.locator("[data-state=lobby]").first).to_be_attached(timeout=20_000)
    anna.page.goto(f"{path}/desk")
    anna.send_form("/start")
    for person in viewers:
        expect(person.page.locator("[data-state=live]").first).to_be_attached()
        expect(person.page.locator("video").first).to_be_visible()
        expect(person.page.get_by_text("2 kijken mee")).to_be_visible(timeout=20_000)
        assert person.page_is_the_same()


def they_chat_ask_and_vote(anna: Person, bram: Person, chris: Person, path: str) -> None:
    """Step 4: chat, a question with a vote, a poll."""
    bram.page.fill("#chat-field, .composer [name=body]", "Noem je een prijs op dat ene blad?")
    bram.page.keyboard.press("Enter")
    for person in (bram, chris):
        line = person.page.locator("#chat-lines").get_by_text("Noem je een prijs op dat ene blad?")
        expect(line).to_have_count(1)
    chris.page.get_by_role("tab", name="Vragen").click()
    chris.page.locator("form[action$='/questions'] [name=body]:visible").fill(
        "Hoe lang wacht je met nabellen?"
    )
    chris.page.locator("form[action$='/questions'] button[type=submit]:visible").click()
    bram.page.get_by_role("tab", name="Vragen").click()
    expect(bram.page.get_by_text("Hoe lang wacht je met nabellen?").first).to_be_visible()
    bram.page.locator(".vote").first.click()
    expect(chris.page.locator(".vote").first).to_contain_text("2")
    anna.page.goto(f"{path}/desk")
    poll = anna.page.locator("form[action$='/polls']").first
    poll.evaluate("form => form.closest('details')?.setAttribute('open', '')")
    poll.locator("[name=title]").fill("Wie belt zelf na?")
    poll.locator("[name=options]").fill("Altijd\nSoms\nNooit")
    poll.locator("button[type=submit]").click()
    anna.page.locator("form[action*='/polls/'][action$='/state'] button").first.click()
    bram.page.get_by_role("tab", name="Peilingen").click()
    bram.page.locator("label.poll-option", has_text="Altijd").locator("input").check(force=True)
    expect(bram.page.locator(".bars").first).to_be_visible()


def every_page_ends_with_one_button(anna: Person, viewers: list[Person], path: str) -> None:
    """Still step 4: Anna ends it; one button is left."""
    anna.page.goto(f"{path}/desk")
    anna.press_dialog("/end")
    for person in viewers:
        expect(person.page.locator("[data-state=ended]").first).to_be_attached()
        expect(person.page.locator(f"a.btn-main[href$='{path}/coffee']:visible").first).to_be_visible()
        assert person.page_is_the_same()


def say_yes(person: Person, path: str) -> int:
    """From the livestream page to a yes; how many taps it took."""
    person.page.goto(path)
    person.page.locator(f"a[href$='{path}/coffee']:visible").first.click()
    tiles = person.page.locator("label.time:visible")
    for number in (0, 1, 2):
        tiles.nth(number).click()
    online = person.page.locator("input[name=forms][value=online]")
    more = 0 if online.is_checked() else 1
    if more:
        person.page.locator("label.chip", has=online).click()
    person.send_form("/coffee")
    return 1 + 3 + more + 1


def the_recording_follows(anna: Person, dana: Person, path: str) -> None:
    """Step 5: Anna pastes the link; Dana, who missed it, watches with the chat in sync."""
    anna.page.goto(f"{path}/recording")
    anna.page.fill("[name=link]", anna.ontmoet.url + FILM)
    anna.page.fill("[name=summary]", "Eén blad is genoeg.\nZet er een datum op.")
    anna.send_form("/recording")
    anna.page.goto(f"{path}/recording")
    anna.press_dialog("/recording/announce")
    morning = (anna.ontmoet.now() + timedelta(days=1)).astimezone(AMSTERDAM).replace(hour=9, minute=0)
    anna.ontmoet.travel_to(morning)  # she had the announcement today, and gets one mail a day
    dana.open_mail("opname")
    expect(dana.page.locator("[data-recording]")).to_be_attached()
    expect(dana.page.get_by_text("Eén blad is genoeg.")).to_be_visible()
    expect(dana.page.get_by_text("Noem je een prijs op dat ene blad?").first).to_be_attached()


def the_round_closes(anna: Person, path: str) -> None:
    """Step 6: Anna closes the round early; everyone who said yes gets a coffee."""
    anna.page.goto(path)
    anna.page.locator("a[href*='/rounds/']").first.evaluate("link => link.click()")
    anna.page.wait_for_url(re.compile("/rounds/"))
    anna.press_dialog("/close")


def everyone_has_a_coffee(everyone: list[Person]) -> tuple[Person, Person]:
    """Each gets a mail with one card: who, why, when. The first pair that has each other goes on."""
    partners: dict[str, str] = {}
    for person in everyone:
        subject = str(person.mail(r"^ ?Koffie met")["Subject"])
        found = re.search(r"Koffie met (\w+)", subject)
        assert found is not None
        partners[person.name] = found[1]
    by_name = {person.name: person for person in everyone}
    assert all(partners[partners[name]] == name for name in partners)
    return by_name["Bram"], by_name[partners["Bram"]]


def both_accept(one: Person, other: Person) -> datetime:
    """Step 7: both say yes from their mail; both calendars hold it."""
    for person in (one, other):
        person.open_mail(r"^ ?Koffie met")
        expect(person.page.get_by_role("heading", level=1)).to_contain_text("Koffie met")
        person.send_form("/accept")
    starts = set()
    for person in (one, other):
        mail = person.mail(r"staat vast|vast", with_calendar=True)
        (invitation,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        read = read_back(invitation.get_payload(decode=True))  # type: ignore[arg-type]  # bytes when decoded
        assert read["method"] == "REQUEST"
        assert read["entries"][0]["attendees"][0][0] == f"mailto:{person.email}"
        starts.add(read["entries"][0]["start"])
    assert len(starts) == 1
    return datetime.fromisoformat(starts.pop())


def they_meet(one: Person, other: Person, start: datetime, ontmoet: Ontmoet) -> None:
    """Still step 7: preview, call, and each sees the other's picture move."""
    ontmoet.travel_to(start - timedelta(minutes=2))
    for person in (one, other):
        person.page.reload()
        person.page.goto(f"{person.page.url.split('?')[0].split('#')[0]}/call")
        person.page.locator("[data-join]").click()
    for person in (one, other):
        expect(person.page.locator("[data-call-state=connected]")).to_be_attached(timeout=30_000)
        video = person.page.locator("video[data-role=remote]")
        expect(video).to_have_attribute("data-frames", MOVING, timeout=30_000)
    ontmoet.travel_to(start + timedelta(minutes=25))


def afterwards_they_answer(one: Person, other: Person) -> None:
    """Step 8: two private questions; that both would again is shown, nothing else."""
    for person in (one, other):
        person.page.locator(".call-bar [data-hang-up]").click()
        person.page.wait_for_url(re.compile("/outcome"))
        for question in ("took_place", "worth_it", "again"):
            person.choose(question, "yes")
        person.send_form("/outcome")
    other.page.goto(other.page.url.split("/outcome")[0])
    note = other.page.locator("form[action$='/note'] textarea").first
    note.evaluate("field => field.closest('details')?.setAttribute('open', '')")
    note.fill("Elkaar over een maand weer spreken.")
    other.send_form("/note")
    one.page.goto(one.page.url.split("/outcome")[0])
    expect(one.page.get_by_text("Elkaar over een maand weer spreken.").first).to_be_visible()


def the_report_counts_it(anna: Person, path: str) -> None:
    """Step 9: who came, who rewatched, which coffees happened."""
    anna.page.goto(f"{path}/report")
    expect(anna.page.get_by_role("heading", level=1)).to_contain_text("Eén gesprek")
    expect(anna.page.get_by_text("Bram, Chris").first).to_be_visible()
