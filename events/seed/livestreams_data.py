"""Words and people of the four sown livestreams."""

TITLES = {
    "demo-recorded": ("Personeel vinden én houden", "Anna in gesprek met Dana over de eerste honderd dagen."),
    "demo-live": (
        "Offertes die een ja krijgen",
        "Anna in gesprek met Chris, meubelmaker, over wat hij schrapte.",
    ),
    "demo-soon": ("Prijzen zonder buikpijn", "Drie ondernemers laten zien hoe zij hun prijs bepalen."),
    "demo-open": (
        "Wat doe je met AI op dinsdag?",
        "Openbare avond: wat werkt er al, en wat kost vooral tijd.",
    ),
}
# Who registered for last week's: most came, most of them said yes, and about half have met somebody since.
REGISTERED = (
    "chris", "dana", "farid", "greet", "anna", "bram", "hassan", "iris", "joost", "karima", "lars", "mirthe",
    "noor", "otto", "pien", "rosa", "quinten", "sem", "tess", "umut", "vera", "wout",
)  # fmt: skip
REGISTERED_AHEAD = 4  # of them registered for what is still ahead
VOTERS = ("farid", "greet", "hassan", "iris", "joost", "karima", "lars", "mirthe")
PINNED = 2  # the line that both evenings keep on top
# Minutes from and until which they watched it; who is not here missed it. Most come in the first minutes,
# some drop out and come back, a few leave early.
WATCHED = {
    "anna": ((0, 58),), "chris": ((0, 58),), "farid": ((0, 58),), "greet": ((0, 58),), "sem": ((0, 58),),
    "mirthe": ((0, 58),), "bram": ((1, 58),), "hassan": ((1, 52),), "iris": ((1, 30), (33, 58)),
    "rosa": ((1, 58),), "joost": ((2, 57),), "umut": ((2, 19), (24, 58)), "otto": ((3, 41),),
    "karima": ((4, 57),), "quinten": ((5, 45),), "lars": ((7, 58),), "noor": ((9, 55),), "pien": ((12, 57),),
    "tess": ((16, 58),),
}  # fmt: skip
CHAT = (
    ("farid", "Eén pagina? Mijn algemene voorwaarden zijn al langer."),
    ("dana", "Die mogen er gewoon onder hangen, Farid. Klanten lezen het eerste blad."),
    ("bram", "Noem je een prijs op dat ene blad, of pas in het gesprek?"),
    ("anna", "Mooie, Bram. Zet hem bij Vragen, dan leg ik hem zo voor."),
    ("greet", "Bij ons staat de prijs bovenaan. Scheelt een hoop gepuzzel."),
    ("chris", "En een datum tot wanneer hij geldt. Dat was voor mij het verschil."),
)
SUMMARY = (
    "Begin met één taak, niet met tien.\n"
    "Een maatje scheelt een maand.\n"
    "Vraag na honderd dagen wat er beter kon."
)
CHAT_ON_STAFF = (
    ("greet", "Wij schrijven de eerste week nu helemaal uit. Dat scheelt zoveel vragen."),
    ("farid", "Wie loopt er dan mee? Bij ons is iedereen op de weg."),
    ("dana", "Een maatje voor een halve dag is al genoeg, merkten we."),
    ("bram", "En na honderd dagen, vraag je dan wat er beter kon?"),
    ("anna", "Ja, en dat schrijven we op. De volgende heeft er meteen wat aan."),
    ("iris", "Die lijst wil ik wel eens zien, Anna."),
)
# What was said after the minute that the film shows: most of it while questions were answered.
LATER_ON_STAFF = (
    (22, 0, "sem", "Die zin over de eerste maandag schrijf ik op."),
    (23, 10, "pien", "Bij ons ging het juist op dag twee mis."),
    (30, 15, "karima", "Hoe doe je dat met een zaak van vier mensen?"),
    (30, 30, "lars", "Wij laten iemand de eerste week bij iedereen meekijken."),
    (30, 50, "noor", "Een week is veel als je met z'n drieën bent."),
    (31, 5, "joost", "Dan een dag per collega. Werkt ook."),
    (31, 20, "mirthe", "Staat dat lijstje voor honderd dagen ergens?"),
    (31, 35, "greet", "Ik zet dat van ons straks bij de opname."),
    (31, 50, "hassan", "Graag, Greet."),
    (32, 30, "tess", "En de uren van het maatje, wie betaalt die?"),
    (33, 0, "farid", "Die boek ik als scholing. Scheelt discussie."),
    (43, 0, "quinten", "Mijn antwoord op de slotvraag: eerder om hulp vragen."),
    (56, 30, "rosa", "Dank, hier kan ik morgen mee verder."),
    (57, 10, "iris", "Tot bij de koffie."),
)
QUESTIONS_ON_STAFF = (
    ("farid", "Hoe lang mag inwerken duren?"),
    ("iris", "Wat vraag je aan het eind van de eerste week?"),
)
QUESTIONS = (("bram", "Noem je een prijs op het eerste blad?"), ("dana", "Hoe lang wacht je met nabellen?"))
