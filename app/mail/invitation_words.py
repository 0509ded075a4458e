"""What invitations, reminders and new links say, in plain words, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

INVITATION, REMINDER, NEW_LINK, TRIAL = "invitation", "reminder", "new-link", "trial"

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        INVITATION: "Hoe is het om te werken bij {organisation}?",
        REMINDER: "Voor iedereen: de vragenlijst van {organisation} is nog open",
        NEW_LINK: "Je nieuwe link naar de vragenlijst van {organisation}",
        TRIAL: "Proef: hoe is het om te werken bij {organisation}?",
    },
    "en": {
        INVITATION: "What is it like to work at {organisation}?",
        REMINDER: "For everybody: the questionnaire of {organisation} is still open",
        NEW_LINK: "Your new link to the questionnaire of {organisation}",
        TRIAL: "Trial: what is it like to work at {organisation}?",
    },
}
OPENINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        INVITATION: (
            "{organisation} wil weten hoe het is om er te werken: of je je veilig voelt, en of je durft te zeggen wat "
            "niet goed gaat.",
            "Wil je een vragenlijst invullen? {time} Meedoen is vrijwillig. Je mag elke vraag overslaan.",
        ),
        REMINDER: (
            "Iedereen krijgt deze herinnering, want we kunnen niet zien wie al heeft meegedaan. Deed je al mee? Dan hoef "
            "je niets "
            "te doen.",
            "Wil je nog meedoen? {time} Meedoen is vrijwillig. Je link is dezelfde als in de eerste mail.",
        ),
        NEW_LINK: (
            "Een vertrouwenspersoon van {organisation} liet je een nieuwe link sturen. De oude link werkt niet meer.",
            "{time} Deed je al mee? Vul dan niet nog een keer in. Hoeveel nieuwe links er zijn gegeven, staat straks bij "
            "de uitkomsten.",
        ),
        TRIAL: (
            "Dit is een proef. Zo ziet de uitnodiging eruit. De link hieronder opent een uitleg en geen vragenlijst.",
            "{organisation} wil weten hoe het is om er te werken: of je je veilig voelt, en of je durft te zeggen wat "
            "niet goed gaat.",
            "Wil je een vragenlijst invullen? {time} Meedoen is vrijwillig. Je mag elke vraag overslaan.",
        ),
    },
    "en": {
        INVITATION: (
            "{organisation} wants to know what it is like to work there: whether you feel safe, and whether you dare to "
            "say what "
            "is not going well.",
            "Will you fill in a questionnaire? {time} Taking part is voluntary. You can skip every question.",
        ),
        REMINDER: (
            "Everybody gets this reminder, because we can't see who has taken part. Did you take part already? Then you "
            "don't "
            "need to do anything.",
            "Do you still want to take part? {time} Taking part is voluntary. Your link is the same as in the first mail.",
        ),
        NEW_LINK: (
            "A confidential adviser of {organisation} had a new link sent to you. The old link doesn't work any more.",
            "{time} Did you take part already? Then please don't fill it in again. How many new links were given is shown "
            "with the "
            "results.",
        ),
        TRIAL: (
            "This is a trial. The invitation looks like this. The link below opens an explanation and no questionnaire.",
            "{organisation} wants to know what it is like to work there: whether you feel safe, and whether you dare to "
            "say what "
            "is not going well.",
            "Will you fill in a questionnaire? {time} Taking part is voluntary. You can skip every question.",
        ),
    },
}
TEXTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "hello": "Hallo,",
        "time": "Dat duurt ongeveer {minutes} minuten en kan tot en met {day}.",
        "time-open": "Dat duurt ongeveer {minutes} minuten.",
        "button": "Naar de vragenlijst",
        "link": "Jouw link:",
        "copy": "Werkt de link niet? Kopieer hem dan helemaal, ook alles na het teken #, en plak hem in je browser.",
        "own": "Deze link is van jou alleen. Stuur deze mail niet door.",
        "who": "Wie vraagt dit?",
        "who-both": "{organisation} vraagt dit en beheert ook de server.",
        "who-text": "{organisation} vraagt dit. {operator} beheert de server.",
        "protects": "Wat beschermt je?",
        "doesnt": "Wat beschermt je niet?",
        "check": "Klopt de pagina?",
        "check-text": "De eerste pagina laat deze woorden zien, bij iedereen dezelfde:",
        "check-else": "Ze staan ook op de poster. Zie je andere woorden? Vul dan niets in en bel een vertrouwenspersoon.",
        "help": "Wil je iemand spreken?",
        "help-text": "Deze vragenlijst is geen melding: niemand neemt contact met je op. Hier kun je wel terecht, ook als "
        "je twijfelt.",
        "sample": "Dit is een voorbeeld. In de echte mail staat hier ieders eigen link.",
    },
    "en": {
        "hello": "Hello,",
        "time": "It takes about {minutes} minutes and can be done until {day}.",
        "time-open": "It takes about {minutes} minutes.",
        "button": "To the questionnaire",
        "link": "Your link:",
        "copy": "Doesn't the link work? Then copy all of it, with everything after the # sign, and paste it into your "
        "browser.",
        "own": "This link is yours alone. Please don't forward this mail.",
        "who": "Who is asking?",
        "who-both": "{organisation} is asking, and runs the server as well.",
        "who-text": "{organisation} is asking. {operator} runs the server.",
        "protects": "What protects you?",
        "doesnt": "What doesn't protect you?",
        "check": "Is it the right page?",
        "check-text": "The first page shows these words, the same for everybody:",
        "check-else": "They are on the poster too. Do you see other words? Then fill in nothing and call a confidential "
        "adviser.",
        "help": "Do you want to talk to somebody?",
        "help-text": "This questionnaire is not a report: nobody will contact you. These people are there for you, also "
        "when in doubt.",
        "sample": "This is an example. The real mail has everybody's own link here.",
    },
}
PROTECTS: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "Met je link doe je één keer mee, want iedereen telt één keer.",
        "Toch kan niemand zien wat jij hebt geantwoord. Je browser bedenkt zelf een geheim nummer en laat het stempelen "
        "in een dichte "
        "envelop: de server zet de stempel zonder het nummer te zien. Je antwoorden komen binnen met dat nummer, zonder "
        "je link, je "
        "adres of een cookie.",
        "We houden niet bij wie meedeed. Van een groep komen pas uitkomsten naar buiten vanaf {k} antwoorden.",
        "Deze mail vertelt ons niet of je hem opent of op de link klikt.",
        "Als de vragenlijst voorgoed dicht gaat, worden alle adressen en links vernietigd.",
    ),
    "en": (
        "Your link lets you take part once, because everybody counts once.",
        "Still nobody can see what you answered. Your browser makes up a secret number and has it stamped in a closed "
        "envelope: the "
        "server stamps it without seeing the number. Your answers come in with that number, without your link, your "
        "address or a "
        "cookie.",
        "We don't keep track of who took part. Results of a group only come out from {k} answers.",
        "This mail doesn't tell us whether you open it or click the link.",
        "When the questionnaire is closed for good, all addresses and links are destroyed.",
    ),
}
DOESNT: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "Wie de server beheert, zou kunnen achterhalen wie zijn link gebruikte. Nooit wat iemand antwoordde.",
        "Op een computer of telefoon van je werk kan je werkgever soms meekijken. Neem liever je eigen telefoon.",
        "Wat je in eigen woorden schrijft, kan laten zien wie je bent.",
    ),
    "en": (
        "Who runs the server could find out who used their link. Never what somebody answered.",
        "On a computer or phone of your work your employer can sometimes look along. Rather use your own phone.",
        "What you write in your own words can show who you are.",
    ),
}
EXCHANGE: Mapping[str, str] = {
    "nl": "Staat JavaScript uit in je browser? Dan kun je je link op de pagina intypen. De server maakt dan zelf het "
    "nummer, en zou je "
    "antwoorden met je link in verband kunnen brengen. De pagina zegt dat eerst.",
    "en": "Is JavaScript off in your browser? Then you can type your link on the page. The server then makes the number "
    "itself, and "
    "could connect your answers with your link. The page says so first.",
}
