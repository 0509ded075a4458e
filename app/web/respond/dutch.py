"""What is kept, in Dutch: a sentence of core.stored enters, its Dutch leaves; a test finds missing ones."""

from __future__ import annotations

DUTCH = {
    "which scan it belongs to; the same for everybody in it": (
        "bij welke vragenlijst het hoort; voor iedereen hetzelfde"
    ),
    "one filled-in scan, under the hash of a number that only your form knew": (
        "één ingevulde vragenlijst, onder een versleuteld nummer dat alleen jouw formulier kende"
    ),
    "sealing: then it becomes a row of the dataset and is overwritten": (
        "het sluiten: dan wordt het een regel in de dataset en wordt dit overschreven"
    ),
    "the hash of the form's random number; it is also your receipt": (
        "een versleuteld willekeurig nummer van het formulier; dit is ook je ontvangstbewijs"
    ),
    "the group you were invited in, of at least the smallest group": (
        "de groep waarin je bent uitgenodigd, minstens zo groot als de kleinste groep"
    ),
    "your closed answers as one block of fixed length": (
        "je gekozen antwoorden, als één blok met een vaste lengte"
    ),
    "that a code was used, so that it works once; nothing says for which ballot": (
        "dat een code is gebruikt, zodat hij één keer werkt; niets zegt bij welke antwoorden"
    ),
    "sealing: then it is overwritten": "het sluiten: dan wordt het overschreven",
    "a hash of the code made for this table only": (
        "een versleutelde vorm van de code, alleen voor deze tabel gemaakt"
    ),
    "one answer in your own words, apart from your ballot, under a random key; only your advisers can open it, after sealing": (
        "één antwoord in je eigen woorden, los van je andere antwoorden, onder een willekeurig nummer; "
        "alleen je vertrouwenspersonen kunnen het openen, na het sluiten"
    ),
    "archiving": "het archiveren",
    "random, made for this comment alone": "willekeurig, alleen voor deze tekst gemaakt",
    "which question it answers": "bij welke vraag het hoort",
    "groups of at least 30 invited people together": "groepen van samen minstens 30 uitgenodigde mensen",
    "your words, filled up to a fixed length and encrypted to the advisers' vault before they are stored": (
        "je woorden, aangevuld tot een vaste lengte en versleuteld voor de kluis van de vertrouwenspersonen "
        "voordat ze bewaard worden"
    ),
    "the public list of receipts of a sealed scan, sorted": (
        "de openbare lijst met ontvangstbewijzen, gesorteerd"
    ),
    "it stays, so that you can look your receipt up": "het blijft, zodat je je ontvangstbewijs kunt opzoeken",
    "a receipt": "een ontvangstbewijs",
    "the sealed answers of everybody, sorted by their content, without receipts": (
        "de antwoorden van iedereen, gesorteerd op inhoud, zonder ontvangstbewijzen"
    ),
    "archiving: the date is on the first page": "het archiveren: de datum staat op de eerste pagina",
    "a number from 0; at most a million rows a part": (
        "een nummer vanaf 0; hoogstens een miljoen regels per deel"
    ),
    "how many people are in the part": "hoeveel mensen er in dit deel zitten",
    "groups and answer codes, sorted": "groepen en antwoorden, gesorteerd",
    "whether ballots of a scan are taken": "of een vragenlijst open is",
    "it stays; it holds nothing of a person": "het blijft; er staat niets over een persoon in",
    "open, imported or sealed": "open, ingelezen of gesloten",
    "how many ballots came in since the file was last rewritten": (
        "hoeveel antwoorden er binnenkwamen sinds het bestand het laatst is herschreven"
    ),
    "it is set to 0 at every tenth ballot": "het gaat na elke tien weer op 0",
    "always 1": "altijd 1",
    "how many personal links were opened since the file was last rewritten": (
        "hoeveel persoonlijke links zijn geopend sinds het bestand het laatst is herschreven"
    ),
    "it is set to 0 at every tenth, and when a tenth ballot comes in": (
        "het gaat na elke tien weer op 0, en ook als een tiende ingevulde vragenlijst binnenkomt"
    ),
    "0 to 10, over all scans together": "0 tot 10, over alle vragenlijsten samen",
    "a paper code that was printed; nobody wrote down who drew it": (
        "een code die op papier is gedrukt; niemand schreef op wie hem trok"
    ),
    "a hash of the code; another one than in the ballots database": (
        "een versleutelde vorm van de code; een andere dan in de database met antwoorden"
    ),
    "the group it was printed for": "de groep waarvoor hij is gedrukt",
    "how many slips were printed for a group": "hoeveel briefjes er voor een groep zijn gedrukt",
    "it stays; it is published with the results": "het blijft; het komt bij de uitkomsten te staan",
    "the group": "de groep",
    "the first, second, ... print": "de eerste, tweede, ... keer drukken",
    "number of slips for the box": "aantal briefjes voor de doos",
    "number of spare slips with the adviser": "aantal reservebriefjes bij de vertrouwenspersoon",
    "the address of a scan that anyone with it can use": (
        "het adres van een vragenlijst die voor iedereen met dat adres open is"
    ),
    "sealing": "het sluiten",
    "a hash of the address's code": "een versleutelde vorm van de code in het adres",
    "whether it works": "of het werkt",
    "a mail address, only if you were invited by mail, under a random key; apart from every answer": (
        "een mailadres, alleen als je per mail bent uitgenodigd, onder een willekeurig nummer; los van alle antwoorden"
    ),
    "sealing: then it is overwritten, and its key is destroyed, so that copies can't be read either": (
        "het sluiten: dan wordt het overschreven en wordt de sleutel vernietigd, zodat ook kopieën niet meer te lezen zijn"
    ),
    "random, made for this address alone": "willekeurig, alleen voor dit adres gemaakt",
    "how many times your link was replaced, because you lost it": (
        "hoe vaak je link is vervangen omdat je hem kwijt was"
    ),
    "an invitation or reminder that is on its way or was sent; everybody gets them, also who has answered": (
        "een uitnodiging of herinnering die onderweg is of verstuurd is; iedereen krijgt ze, ook wie al meedeed"
    ),
    "0 for the invitation, then the first, second, ... reminder; 100 for a new link instead of a lost one": (
        "0 voor de uitnodiging, dan de eerste, tweede, ... herinnering; 100 voor een nieuwe link in plaats van een verloren"
    ),
    "the random number of the address": "het willekeurige nummer van het adres",
    "that a personal link is good and whether it was opened: the operator could learn whose it is, never which ballot": (
        "dat een persoonlijke link geldig is en of hij is geopend: de beheerder kan weten van wie hij is, nooit welke antwoorden"
    ),
    "a hash of the secret in your link": "een versleutelde vorm van het geheim in je link",
    "a hash of the sealed envelope that your browser had stamped; the server can't know it again on a ballot": (
        "een versleutelde vorm van de dichte envelop die je browser liet stempelen; bij antwoorden is die niet te herkennen"
    ),
    "how many personal links an adviser replaced in a group": (
        "hoeveel persoonlijke links een vertrouwenspersoon in een groep verving"
    ),
    "number of links that were replaced": "aantal links dat is vervangen",
    "the stamp of a group, the same for everybody in it": "het stempel van een groep, voor iedereen daarin hetzelfde",
    "the public half, which everybody can read": "de openbare helft, die iedereen kan lezen",
    "the secret half, encrypted under a key that is not in the databases": (
        "de geheime helft, versleuteld met een sleutel die niet in de databases staat"
    ),
    "a mail address, only if you asked for mail about what changes; apart from every scan, under a random key": (
        "een mailadres, alleen als je om mail vroeg over wat er verandert; los van elke vragenlijst, onder een willekeurig nummer"
    ),
    "you unsubscribe; without your confirmation after 7 days": "je afmelden; zonder jouw bevestiging na 7 dagen",
    "random, made for this subscription alone": "willekeurig, alleen voor deze aanmelding gemaakt",
    "a keyed hash of the address, so that it is found again without being readable": (
        "een versleutelde vorm van het adres, waarmee het terug te vinden is zonder dat iemand het kan lezen"
    ),
    "which organisation's news you get": "van welke organisatie je nieuws krijgt",
    "the address, encrypted under a key that is not in the databases": (
        "het adres, versleuteld met een sleutel die niet in de databases staat"
    ),
    "the language of your mail": "de taal van je mail",
    "asked, or confirmed by you": "aangevraagd, of door jou bevestigd",
    "the day on which you asked": "de dag waarop je het aanvroeg",
    "how many letters in a row your mail server refused": (
        "hoeveel berichten achter elkaar je mailserver weigerde"
    ),
    "a letter to a subscriber that is on its way, or went out in the last 30 days; without its text and address": (
        "een bericht dat onderweg is naar iemand die zich aanmeldde, of in de laatste 30 dagen wegging; zonder tekst en adres"
    ),
    "30 days after it was made, or when you unsubscribe": "30 dagen nadat het is gemaakt, of als je je afmeldt",
    "random, made for this letter alone": "willekeurig, alleen voor dit bericht gemaakt",
    "which organisation's news it holds": "van welke organisatie het nieuws is",
    "the random key of the subscription": "het willekeurige nummer van de aanmelding",
    "a question to confirm, or news": "een vraag om te bevestigen, of nieuws",
    "which news": "welk nieuws",
    "the random number in the letter's head, fixed when it is made": (
        "het willekeurige nummer in de kop van het bericht, dat vaststaat zodra het is gemaakt"
    ),
    "waiting, sending, sent or refused": "wacht, wordt verstuurd, verstuurd of geweigerd",
    "waiting, sending, later, sent or refused": "wacht, wordt verstuurd, later, verstuurd of geweigerd",
    "how often it was tried": "hoe vaak het is geprobeerd",
    "when it is tried next": "wanneer het opnieuw wordt geprobeerd",
    "when it was made": "wanneer het is gemaakt",
    "how often mail was asked for one address or on one board, so that nobody is flooded with it": (
        "hoe vaak er mail werd aangevraagd voor één adres of bij één organisatie, zodat niemand ermee wordt overspoeld"
    ),
    "an hour or a day later": "een uur of een dag later",
    "a keyed hash of the address or the board": "een versleutelde vorm van het adres of de organisatie",
    "how often": "hoe vaak",
    "when it is forgotten": "wanneer het wordt vergeten",
    "a name, staff number or account of somebody who fills in a scan, or an e-mail address beside answers": (
        "een naam, personeelsnummer of account van iemand die een vragenlijst invult, of een e-mailadres bij antwoorden"
    ),
    "the time at which an answer came in, or the order in which answers came in": (
        "het tijdstip waarop een antwoord binnenkwam, of de volgorde waarin antwoorden binnenkwamen"
    ),
    "a network address, browser, device, language or cookie": (
        "een internetadres, browser, apparaat, taal of cookie"
    ),
    "which code or which personal link belongs to which answers": (
        "welke code of welke persoonlijke link bij welke antwoorden hoort"
    ),
    "a log of visits: there is no access log": "een logboek van bezoeken: dat is er niet",
}
