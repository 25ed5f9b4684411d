"""Every form at its page: who fills it in, and the least that is right."""

from dataclasses import dataclass, field

from events.accounts import forms as accounts
from events.aftertalks import forms as aftertalks_forms
from events.availability import forms as availability
from events.bookings import forms
from events.chat import forms as chat
from events.circles.forms import circles as circles_circles
from events.circles.forms import importing as circles_import
from events.coffees import forms as coffees
from events.companies.forms import AnswerHandover, AskColleague
from events.core.web.forms import Form
from events.guests import forms as guests
from events.handbooks import forms as handbooks
from events.insights import forms as insights
from events.livestreams import forms as livestreams
from events.messages import forms as messages
from events.office_hours import forms as office_hours
from events.polls import forms as polls
from events.questions import forms as questions
from events.recordings import forms as recordings
from events.registrations import forms as registrations
from events.rounds import forms as matching
from events.stage import forms as stage
from events.welcomes.forms import WelcomeNewcomers

DAY: dict[str, str | list[str]] = {"title": "Avond", "day": "2030-05-01", "hour": "20:00"}
MESSAGE: dict[str, str | list[str]] = {"audience": "circle", "subject": "Hallo", "body": "Tot dan"}
HELD: dict[str, str | list[str]] = {"title": "Avond", "day": "2026-01-01", "hour": "20:00"}


@dataclass(frozen=True)
class FormCase:
    """A form at its page: who fills it in and the least that is right. `again`: it comes back with all."""

    form: type[Form]
    actor: str
    right: dict[str, str | list[str]] = field(default_factory=dict)
    again: bool = False


SHEETS = {
    "accounts.sign_up": FormCase(
        accounts.SignUp, "visitor", {"name": "Eva", "email": "eva@example.test"}, True
    ),
    "accounts.sign_in": FormCase(accounts.SignIn, "visitor", {"email": "eva@example.test"}, True),
    "accounts.me": FormCase(
        accounts.Profile, "member",
        {"name": "Eva", "languages": ["nl"], "zone": "Europe/Amsterdam", "locale": "en"}, True,
    ),
    "accounts.reach": FormCase(accounts.ContactDetails, "member", {"phone": "06 12345678"}, True),
    "accounts.change_password": FormCase(accounts.ChangePassword, "member", {"new": "ten-characters"}),
    "accounts.change_photo": FormCase(accounts.ChangePhoto, "member", {"remove": "1"}),
    "accounts.mail_choices": FormCase(accounts.MailChoices, "member"),
    "accounts.set_locale": FormCase(accounts.ChooseLocale, "member", {"locale": "en"}),
    "accounts.allow_embed": FormCase(
        accounts.AllowEmbed, "member", {"origin": "https://player.vimeo.com", "allowed": "1"}
    ),
    "accounts.set_theme": FormCase(accounts.ChooseTheme, "member", {"theme": "dark"}),
    "availability.times": FormCase(availability.WeeklyHoursForm, "member", {"hours": ["9", "10"]}),
    "availability.add_days_off": FormCase(availability.DaysOff, "member", {"first_day": "2030-05-01"}, True),
    "availability.calendars": FormCase(
        availability.AddCalendar, "member", {"address": "https://kalender.test/geheim.ics"}
    ),
    "insights.circle_report": FormCase(insights.Goal, "organiser", {"conversations": "20"}, True),
    "availability.breaks": FormCase(
        availability.Break, "organiser", {"first_day": "2030-05-01", "last_day": "2030-05-09"}, True
    ),
    "chat.say": FormCase(chat.PostFromPage, "member", {"client_id": "c" * 20, "body": "Hallo"}, True),
    "circles.create": FormCase(circles_circles.CreateCircle, "member", {"name": "Kring"}, True),
    "circles.settings": FormCase(
        circles_circles.CircleSettings, "owner",
        {"name": "Kring", "joining": "open", "locale": "nl", "zone": "Europe/Amsterdam", "country": "NL"},
        True,
    ),
    "circles.change_logo": FormCase(circles_circles.ChangeLogo, "owner", {"remove": "1"}),
    "circles.change_named": FormCase(circles_circles.NameOnPage, "organiser", {"named": "1"}),
    "circles.invite": FormCase(circles_circles.Invite, "organiser", {"addresses": "eva@example.test"}, True),
    "handbooks.add": FormCase(handbooks.ChangeHeld, "organiser", {"what": "Penningmeester"}, True),
    "handbooks.change": FormCase(handbooks.ChangeHeld, "organiser", {"what": "Voorzitter"}, True),
    "circles.invitation_mail": FormCase(
        circles_circles.ChangeInvitationLine, "organiser", {"line": "Tot gauw"}, True
    ),
    "circles.import_people": FormCase(
        circles_import.ImportPeople, "organiser", {"people": "Eva; eva@example.test"}, True
    ),
    "circles.decide_request": FormCase(circles_circles.Decide, "organiser", {"decision": "declined"}),
    "circles.change_role": FormCase(circles_circles.ChangeRole, "owner", {"role": "member"}),
    "circles.topics": FormCase(circles_circles.ChangeTopics, "organiser", {"do": "add", "name_nl": "Geld"}),
    "circles.accept_invitation": FormCase(
        circles_circles.FirstQuestions, "member", {"company": "Zaag"}, True
    ),
    "circles.choose_to_be_listed": FormCase(circles_circles.ChooseListing, "member", {"listed": "no"}),
    "circles.me_in": FormCase(circles_circles.Interests, "member", {}, True),
    "coffees.say": FormCase(chat.PostFromPage, "partner", {"client_id": "c" * 20, "body": "Hallo"}, True),
    "coffees.accept": FormCase(coffees.Accept, "partner", {"version": "1"}),
    "coffees.another": FormCase(coffees.Another, "partner", {"welcome": "1"}),
    "coffees.undo": FormCase(coffees.Undo, "partner"),
    "coffees.decline": FormCase(coffees.Answer, "partner", {"version": "1"}),
    "coffees.cancel": FormCase(coffees.Answer, "partner", {"version": "1"}),
    "coffees.move": FormCase(coffees.ChosenTime, "partner", {"version": "1", "time": "2030-05-01T09:00:00Z"}),
    "bookings.booking_page": FormCase(forms.OpenBooking, "member", {"handle": "eva-de-vries"}, True),
    "bookings.book": FormCase(
        forms.Book, "partner", {"time": "2030-05-01T09:00:00Z", "form": "online", "minutes": "30"}
    ),
    "bookings.invite": FormCase(forms.Invite, "member", {"times": ["2030-05-01T09:00:00Z"]}),
    "coffees.new_time": FormCase(
        coffees.NewTime, "partner", {"version": "1", "day": "2030-05-01", "hour": "09:00"}
    ),
    "coffees.place": FormCase(coffees.ChosenPlace, "partner", {"version": "1", "place": "De Zaak"}, True),
    "coffees.number": FormCase(coffees.SharedNumber, "partner", {"phone": "06 12345678"}, True),
    "coffees.details": FormCase(coffees.Details, "partner", {"kinds": ["email"]}),
    "coffees.introduction_time": FormCase(
        coffees.FirstTime, "partner", {"day": "2030-05-01", "hour": "09:00"}
    ),
    "coffees.introduction": FormCase(coffees.Introduced, "partner", {"answer": "yes"}),
    "coffees.later": FormCase(coffees.CameOf, "partner", {"came": "insight"}),
    "coffees.quote": FormCase(coffees.Quote, "partner", {"quote": "Een zin", "may_quote": "1"}),
    "coffees.again": FormCase(coffees.NextTime, "partner", {"time": "2030-05-01T09:00:00Z"}),
    "coffees.introduce": FormCase(coffees.Introduce, "partner", {"partner": "a" * 26, "member": "b" * 26}),
    "companies.handover": FormCase(AskColleague, "partner", {"to": "a" * 26}),
    "companies.answer": FormCase(AnswerHandover, "partner", {"answer": "no"}),
    "coffees.outcome": FormCase(coffees.Outcome, "partner", {"took_place": "yes"}),
    "coffees.note": FormCase(coffees.Note, "partner", {"version": "0"}, True),
    "coffees.promise": FormCase(coffees.Promised, "partner", {"what": "Een contact"}, True),
    "coffees.mark": FormCase(coffees.Done, "partner", {"done": "yes"}),
    "livestreams.create": FormCase(livestreams.LivestreamForm, "organiser", DAY, True),
    "livestreams.evenings": FormCase(
        livestreams.MakeSeries, "organiser", {"rhythm": "weekly", "count": "3"}
    ),
    "livestreams.announce_evenings": FormCase(
        livestreams.SetAnnouncement, "organiser", {"announce_days": "14"}
    ),
    "livestreams.edit": FormCase(livestreams.LivestreamForm, "organiser", DAY, True),
    "livestreams.pause": FormCase(livestreams.PauseLivestream, "organiser"),
    "livestreams.cancel": FormCase(livestreams.CancelLivestream, "organiser"),
    "livestreams.next_item": FormCase(livestreams.BeginItem, "organiser"),
    "office_hours.offer": FormCase(
        office_hours.OfferOfficeHours, "organiser", {"times": ["2030-05-01T09:00:00Z"]}, True
    ),
    "office_hours.speaker": FormCase(office_hours.NameSpeaker, "organiser", {"speaker": "Eva"}, True),
    "welcomes.welcoming": FormCase(WelcomeNewcomers, "member", {"welcomes": "1"}),
    "rounds.close": FormCase(matching.CloseRound, "organiser"),
    "rounds.change_draft": FormCase(matching.ChangeDraft, "organiser", {"do": "undo", "version": "1"}),
    "rounds.one_more": FormCase(matching.OneMoreTime, "member"),
    "rounds.rejoin": FormCase(matching.Rejoin, "partner", {"times": "2026-12-03T10:30:00+00:00"}),
    "rounds.join": FormCase(matching.OptInForm, "member", {"forms": ["online"]}, True),
    "rounds.open_round": FormCase(matching.OpenRound, "organiser", {}, True),
    "rounds.always": FormCase(matching.Always, "member", {"parts": ["evening"]}),
    "rounds.pause": FormCase(matching.Pause, "member", {"until": "2030-05-01"}, True),
    "rounds.apart": FormCase(matching.NewExclusion, "member", {"company": "Zaag"}, True),
    "rounds.opt_in": FormCase(matching.OptInForm, "member", {"forms": ["online"]}, True),
    "aftertalks.meet_again": FormCase(
        aftertalks_forms.MeetAgain, "member", {"talk": "t" * 26, "again": "yes"}
    ),
    "stage.held_new": FormCase(stage.HeldEvening, "organiser", HELD, True),
    "stage.held": FormCase(stage.HeldEvening, "organiser", HELD, True),
    "aftertalks.switch_aftertalk": FormCase(livestreams.SwitchAftertalk, "organiser", {"on": "no"}),
    "livestreams.tell_lobby": FormCase(livestreams.TellLobby, "organiser"),
    "livestreams.start_later": FormCase(livestreams.StartLater, "organiser"),
    "messages.livestream": FormCase(messages.WriteMessage, "organiser", MESSAGE, True),
    "messages.circle": FormCase(messages.WriteMessage, "organiser", MESSAGE, True),
    "messages.edit": FormCase(messages.WriteMessage, "organiser", MESSAGE, True),
    "messages.send": FormCase(messages.SendMessage, "organiser", {"count": "1"}),
    "polls.create": FormCase(polls.Create, "organiser", {"title": "Wat?", "options": "Ja\nNee"}, True),
    "polls.vote": FormCase(polls.VoteFromPage, "member", {"option": "a" * 26}),
    "polls.change": FormCase(polls.ChangeFromPage, "organiser", {"state": "closed"}),
    "questions.ask": FormCase(questions.AskFromPage, "member", {"client_id": "q" * 20, "body": "Hoe?"}, True),
    "questions.vote": FormCase(questions.VoteFromPage, "member", {"up": "1"}),
    "questions.change": FormCase(questions.ChangeFromPage, "organiser", {"state": "answered"}, True),
    "recordings.attach": FormCase(
        recordings.AttachRecording, "organiser", {"link": "https://vimeo.com/123456789"}, True
    ),
    "recordings.health": FormCase(recordings.SetHealth, "organiser", {"broken": "1"}),
    "registrations.name": FormCase(registrations.ShowName, "member", {"show": "yes"}),
    "guests.rules_of_circle": FormCase(guests.GuestRules, "owner", {"guests_from": "team"}, True),
    "guests.decide": FormCase(guests.Decide, "organiser", {"decision": "declined"}),
    "guests.invited": FormCase(
        registrations.GuestRequest, "visitor", {"name": "Eva", "email": "eva@example.test"}, True
    ),
    "registrations.as_guest": FormCase(
        registrations.GuestRequest, "visitor", {"name": "Eva", "email": "eva@example.test"}, True
    ),
}  # fmt: skip
