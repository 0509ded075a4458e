"""How advisers write the fixed choices of a card: id -> Dutch name, English name, then other words for it."""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of “id = name; name; ...”; an indented line goes on with the one above."""
    lines = " ".join(text.strip().split("\n    ")).splitlines()
    rows = dict(line.split(" = ") for line in lines)
    return {id: tuple(names.split("; ")) for id, names in rows.items()}


CATEGORIES = _table("""
aggression = agressie en geweld; aggression and violence; agressie; geweld; fysieke agressie; aggression;
    violence
threats = bedreiging; threats; bedreigen; bedreigd; dreigen; dreiging; threat
discrimination = discriminatie; discrimination; racisme; racism; uitsluiting op grond van afkomst
intimidation = intimidatie; intimidation; intimideren; verbale intimidatie; machtsvertoon
bullying = pesten; bullying; pestgedrag; gepest; treiteren
sexual-harassment = seksuele intimidatie; sexual harassment; sexuele intimidatie; si; ongewenste aanraking;
    ongewenste intimiteiten; seksueel grensoverschrijdend gedrag
stalking = stalking; stalking; stalken; belaging
integrity = integriteit; integrity; integriteitsschending; integriteitsmelding; fraude; diefstal; corruptie;
    machtsmisbruik; belangenverstrengeling; fraud; theft; corruption; abuse of power
workload = werkdruk; workload; hoge werkdruk; werkstress
labour-conflict = arbeidsconflict; labour conflict; conflict; arbeidsgeschil; conflict met leidinggevende; labor
    conflict
other = anders; other; overig; overige; divers; diversen; restcategorie
""")
CONTACTS = _table("""
first-contact = eerste contact; first contact; eerste gesprek; intake; intakegesprek; kennismaking; nieuw;
    telefonisch; e-mail; mail; gesprek; persoonlijk gesprek; fysiek; online; teams; whatsapp; phone; email
follow-up-talk = vervolggesprek; follow-up talk; vervolg; tweede gesprek; nazorg; follow up; vervolgcontact
sparring = sparren; sparring; sparringsgesprek; advies gevraagd; consult
report = melding; report; formele melding
formal-complaint = formele klacht; formal complaint; klacht; officiele klacht; complaint
manager-question = vraag van leidinggevende; question from a manager; vraag leidinggevende; consultvraag
    leidinggevende; vraag van een manager
bystander = omstander; bystander; getuige; collega van; witness
anonymous-contact = anoniem contact; anonymous contact; anoniem; anonieme melding; anonymous
""")
REPORTERS = _table("""
employee = medewerker; employee; werknemer; collega; verpleegkundige; verzorgende; begeleider; docent; staf;
    mdw; staff
manager = leidinggevende; manager; teamleider; teammanager; leiding; directeur; bestuurder; afdelingshoofd;
    hoofd; team leader
temp = uitzendkracht; temp; inhuur; zzp; zzp er; zzper; uitzend; flexwerker; extern; oproepkracht; agency
    worker; freelancer
trainee = stagiair; trainee; stagiaire; leerling; student; bbl er; intern
volunteer = vrijwilliger; volunteer
former-employee = oud-medewerker; former employee; ex medewerker; ex werknemer; voormalig medewerker; uit dienst
other = iemand anders; someone else; anders; overig; other; familielid; client; or
unknown = onbekend; unknown; niet bekend; onb; nvt; n v t; anoniem
""")
SOURCES = _table("""
colleague = collega; colleague; collega s; directe collega; medewerker; peer; colleagues
manager = leidinggevende; manager; teamleider; direct leidinggevende; leiding; directeur; bestuurder;
    afdelingshoofd; hoofd
group = groep; group; team; het team; meerdere collega s; groepje
client = cliënt, patiënt of klant; client, patient or customer; client; patient; klant; bewoner; leerling;
    student; customer; resident
third-party = iemand van buiten; third party; derde; extern; externe; familie; familie van client; leverancier;
    bezoeker; visitor
organisation = de organisatie; the organisation; organisatie; beleid; werkwijze; organisation; organization;
    policy
unknown = onbekend; unknown; niet bekend; onb; nvt; n v t
""")
ROUTES = _table("""
listening = alleen luisteren; listening only; luisteren; luisterend oor; gesprek; opvang; eenmalig gesprek; geen
    actie; geen; listening; none
helped-to-act = geholpen zelf iets te doen; helped to act oneself; zelf actie; zelf ondernomen; melder
    onderneemt zelf; gaat zelf in gesprek; zelf oplossen; begeleid; helped to act; zelf in gesprek; coaching
talk-with-manager = gesprek met leidinggevende; talk with the manager; gesprek leidinggevende; gesprek met de
    leidinggevende; via leidinggevende; talk with manager
mediation = bemiddeling; mediation; mediation door ander; mediator
referral = doorverwezen; referral; doorverwijzing; verwijzing; verwezen; bedrijfsarts; naar hr; hr;
    maatschappelijk werk; huisarts; politie; huis voor klokkenluiders; doorverwezen naar hr; doorverwezen naar
    bedrijfsarts; referred
formal-complaint = formele klacht; formal complaint; klacht; klachtencommissie; klacht ingediend
integrity-report = integriteitsmelding; integrity report; melding integriteit; misstand gemeld
withdrawn = ingetrokken; withdrawn; teruggetrokken; afgezien
unknown = onbekend; unknown; nog niet bekend; loopt; lopend; open; nvt; n v t; tbd
""")
YES = frozenset({"ja", "j", "yes", "y", "x", "true", "waar", "1", "akkoord"})
NO = frozenset({"", "nee", "n", "no", "false", "onwaar", "0", "niet akkoord"})
WHOLE = (
    "hele organisatie",
    "whole organisation",
    "gehele organisatie",
    "organisatiebreed",
    "organisatie breed",
    "organisatie",
    "alle afdelingen",
    "alle",
    "entire organisation",
    "whole organization",
    "organisation",
    "all",
    "nvt",
    "n v t",
    "onbekend",
    "unknown",
)
"""Where a unit stands for all of it. An unknown unit is the whole organisation too: a narrower one would be a guess."""
HEADERS: dict[str, tuple[str, str]] = {
    "quarter": ("kwartaal", "quarter"),
    "categories": ("categorie", "category"),
    "themes": ("thema", "theme"),
    "unit": ("onderdeel", "broad unit"),
    "contact": ("contactvorm", "kind of contact"),
    "reporter": ("functie melder", "role of reporter"),
    "source": ("bron", "source"),
    "route": ("route", "route"),
    "nickname": ("schuilnaam", "nickname"),
    "continues": ("vervolg op eerdere kaart", "continues earlier card"),
    "agrees": ("melder akkoord", "reporter agrees"),
    "note": ("notitie", "note"),
}
"""The columns of an export, as an import recognises them."""
