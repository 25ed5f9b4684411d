"""Every form at its page: who fills it in, and the least that is right."""

from dataclasses import dataclass, field

from events.accounts import forms as accounts
from events.availability import forms as availability
from events.chat import forms as chat
from events.circles import forms as circles
from events.circles.forms import importing as circles_import
from events.coffees import forms as coffees
from events.core.forms import Form
from events.livestreams import forms as livestreams
from events.matching import forms as matching
from events.polls import forms as polls
from events.questions import forms as questions
from events.recordings import forms as recordings
from events.registrations import forms as registrations

DAY: dict[str, str | list[str]] = {"title": "Avond", "day": "2030-05-01", "hour": "20:00"}


@dataclass(frozen=True)
class Sheet:
    """A form at its page: who fills it in and the least that is right. `again`: it comes back with all."""

    form: type[Form]
    actor: str
    right: dict[str, str | list[str]] = field(default_factory=dict)
    again: bool = False


SHEETS = {
    "accounts.sign_up": Sheet(accounts.SignUp, "visitor", {"name": "Eva", "email": "eva@example.test"}, True),
    "accounts.sign_in": Sheet(accounts.SignIn, "visitor", {"email": "eva@example.test"}, True),
    "accounts.me": Sheet(
        accounts.Profile, "member",
        {"name": "Eva", "languages": ["nl"], "zone": "Europe/Amsterdam", "locale": "en"}, True,
    ),
    "accounts.reach": Sheet(accounts.Reach, "member", {"phone": "06 12345678"}, True),
    "accounts.change_password": Sheet(accounts.ChangePassword, "member", {"new": "ten-characters"}),
    "accounts.change_photo": Sheet(accounts.ChangePhoto, "member", {"remove": "1"}),
    "accounts.mail_choices": Sheet(accounts.MailChoices, "member"),
    "accounts.set_locale": Sheet(accounts.ChooseLocale, "member", {"locale": "en"}),
    "accounts.allow_embed": Sheet(
        accounts.AllowEmbed, "member", {"origin": "https://player.vimeo.com", "allowed": "1"}
    ),
    "accounts.set_theme": Sheet(accounts.ChooseTheme, "member", {"theme": "dark"}),
    "availability.times": Sheet(availability.Times, "member", {"hours": ["9", "10"]}),
    "availability.add_days_off": Sheet(availability.DaysOff, "member", {"first_day": "2030-05-01"}, True),
    "availability.calendars": Sheet(
        availability.AddCalendar, "member", {"address": "https://kalender.test/geheim.ics"}
    ),
    "availability.breaks": Sheet(
        availability.Break, "organiser", {"first_day": "2030-05-01", "last_day": "2030-05-09"}, True
    ),
    "chat.say": Sheet(chat.Say, "member", {"client_id": "c" * 20, "body": "Hallo"}, True),
    "circles.create": Sheet(circles.CreateCircle, "member", {"name": "Kring"}, True),
    "circles.settings": Sheet(
        circles.CircleSettings, "owner",
        {"name": "Kring", "joining": "open", "locale": "nl", "zone": "Europe/Amsterdam"}, True,
    ),
    "circles.invite": Sheet(circles.Invite, "organiser", {"addresses": "eva@example.test"}, True),
    "circles.import_people": Sheet(
        circles_import.ImportPeople, "organiser", {"people": "Eva; eva@example.test"}, True
    ),
    "circles.decide_request": Sheet(circles.Decide, "organiser", {"decision": "declined"}),
    "circles.change_role": Sheet(circles.ChangeRole, "owner", {"role": "member"}),
    "circles.topics": Sheet(circles.ChangeTopics, "organiser", {"do": "add", "name_nl": "Geld"}),
    "circles.me_in": Sheet(circles.Interests, "member", {}, True),
    "coffees.accept": Sheet(coffees.Yes, "partner", {"version": "1"}),
    "coffees.another": Sheet(coffees.Another, "partner", {"welcome": "1"}),
    "coffees.undo": Sheet(coffees.Undo, "partner"),
    "coffees.decline": Sheet(coffees.Answer, "partner", {"version": "1"}),
    "coffees.cancel": Sheet(coffees.Answer, "partner", {"version": "1"}),
    "coffees.move": Sheet(coffees.ChosenTime, "partner", {"version": "1", "time": "2030-05-01T09:00:00Z"}),
    "coffees.booking_page": Sheet(coffees.OpenBooking, "member", {"handle": "eva-de-vries"}, True),
    "coffees.book": Sheet(
        coffees.Book, "partner", {"time": "2030-05-01T09:00:00Z", "form": "online", "minutes": "30"}
    ),
    "coffees.invite": Sheet(coffees.Invite, "member", {"times": ["2030-05-01T09:00:00Z"]}),
    "coffees.new_time": Sheet(
        coffees.NewTime, "partner", {"version": "1", "day": "2030-05-01", "hour": "09:00"}
    ),
    "coffees.place": Sheet(coffees.ChosenPlace, "partner", {"version": "1", "place": "De Zaak"}, True),
    "coffees.number": Sheet(coffees.SharedNumber, "partner", {"phone": "06 12345678"}, True),
    "coffees.details": Sheet(coffees.Details, "partner", {"kinds": ["email"]}),
    "coffees.introduction_time": Sheet(coffees.FirstTime, "partner", {"day": "2030-05-01", "hour": "09:00"}),
    "coffees.introduction": Sheet(coffees.Introduced, "partner", {"answer": "yes"}),
    "coffees.later": Sheet(coffees.CameOf, "partner", {"came": "insight"}),
    "coffees.quote": Sheet(coffees.Quote, "partner", {"quote": "Een zin", "may_quote": "1"}),
    "coffees.again": Sheet(coffees.NextTime, "partner", {"time": "2030-05-01T09:00:00Z"}),
    "coffees.introduce": Sheet(coffees.Introduce, "partner", {"one": "a" * 26, "other": "b" * 26}),
    "coffees.outcome": Sheet(coffees.Outcome, "partner", {"took_place": "yes"}),
    "coffees.note": Sheet(coffees.Note, "partner", {"version": "0"}, True),
    "coffees.promise": Sheet(coffees.Promised, "partner", {"what": "Een contact"}, True),
    "coffees.mark": Sheet(coffees.Done, "partner", {"done": "yes"}),
    "livestreams.create": Sheet(livestreams.WriteLivestream, "organiser", DAY, True),
    "livestreams.edit": Sheet(livestreams.WriteLivestream, "organiser", DAY, True),
    "livestreams.pause": Sheet(livestreams.PauseLivestream, "organiser"),
    "livestreams.cancel": Sheet(livestreams.CancelLivestream, "organiser"),
    "livestreams.next_item": Sheet(livestreams.BeginItem, "organiser"),
    "matching.close": Sheet(matching.CloseRound, "organiser"),
    "matching.change_draft": Sheet(matching.ChangeDraft, "organiser", {"do": "undo", "version": "1"}),
    "matching.join": Sheet(matching.SayYes, "member", {"forms": ["online"]}, True),
    "matching.open_round": Sheet(matching.OpenRound, "organiser", {}, True),
    "matching.always": Sheet(matching.Always, "member", {"parts": ["evening"]}),
    "matching.pause": Sheet(matching.Pause, "member", {"until": "2030-05-01"}, True),
    "matching.apart": Sheet(matching.KeepApart, "member", {"company": "Zaag"}, True),
    "matching.say_yes": Sheet(matching.SayYes, "member", {"forms": ["online"]}, True),
    "matching.say_again": Sheet(matching.Again, "member", {"talk": "t" * 26, "again": "yes"}),
    "matching.switch_nazit": Sheet(livestreams.SwitchNazit, "organiser", {"on": "no"}),
    "polls.create": Sheet(polls.Create, "organiser", {"title": "Wat?", "options": "Ja\nNee"}, True),
    "polls.vote": Sheet(polls.VoteHere, "member", {"option": "a" * 26}),
    "polls.change": Sheet(polls.ChangeHere, "organiser", {"state": "closed"}),
    "questions.ask": Sheet(questions.AskHere, "member", {"client_id": "q" * 20, "body": "Hoe?"}, True),
    "questions.vote": Sheet(questions.VoteHere, "member", {"up": "1"}),
    "questions.change": Sheet(questions.ChangeHere, "organiser", {"state": "answered"}, True),
    "recordings.attach": Sheet(
        recordings.AttachRecording, "organiser", {"link": "https://vimeo.com/123456789"}, True
    ),
    "recordings.health": Sheet(recordings.SetHealth, "organiser", {"broken": "1"}),
    "registrations.name": Sheet(registrations.ShowName, "member", {"show": "yes"}),
    "registrations.as_guest": Sheet(
        registrations.AskAsGuest, "visitor", {"name": "Eva", "email": "eva@example.test"}, True
    ),
}  # fmt: skip
