"""What is kept of a respondent: every column of two databases, in words; a test compares it with the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """One table that has to do with respondents: `columns` maps each column to what it holds, `until` says when it goes."""

    database: str
    table: str
    what: str
    until: str
    columns: dict[str, str]


SCAN = "which scan it belongs to; the same for everybody in it"

KEPT = (
    Kept(
        "ballots",
        "ballot",
        "one filled-in scan, under the hash of a number that only your form knew",
        "sealing: then it becomes a row of the dataset and is overwritten",
        {
            "scan": SCAN,
            "key": "the hash of the form's random number; it is also your receipt",
            "stratum": "the group you were invited in, of at least the smallest group",
            "answers": "your closed answers as one block of fixed length",
        },
    ),
    Kept(
        "ballots",
        "spent",
        "that a code was used, so that it works once; nothing says for which ballot",
        "sealing: then it is overwritten",
        {"scan": SCAN, "mark": "a hash of the code made for this table only"},
    ),
    Kept(
        "ballots",
        "comment",
        "one answer in your own words, apart from your ballot, under a random key; only your advisers can open it, after sealing",
        "archiving",
        {
            "scan": SCAN,
            "key": "random, made for this comment alone",
            "item": "which question it answers",
            "part": "groups of at least 30 invited people together",
            "body": "your words, filled up to a fixed length and encrypted to the advisers' vault before they are stored",
        },
    ),
    Kept(
        "ballots",
        "receipt",
        "the public list of receipts of a sealed scan, sorted",
        "it stays, so that you can look your receipt up",
        {"scan": SCAN, "key": "a receipt"},
    ),
    Kept(
        "ballots",
        "dataset",
        "the sealed answers of everybody, sorted by their content, without receipts",
        "archiving: the date is on the first page",
        {
            "scan": SCAN,
            "part": "a number from 0; at most a million rows a part",
            "rows": "how many people are in the part",
            "block": "groups and answer codes, sorted",
        },
    ),
    Kept(
        "ballots",
        "intake",
        "whether ballots of a scan are taken",
        "it stays; it holds nothing of a person",
        {"scan": SCAN, "state": "open, imported or sealed"},
    ),
    Kept(
        "ballots",
        "mixing",
        "how many ballots came in since the file was last rewritten",
        "it is set to 0 at every tenth ballot",
        {"id": "always 1", "pending": "0 to 10, over all scans together"},
    ),
    Kept(
        "issuing",
        "mixing",
        "how many personal links were opened since the file was last rewritten",
        "it is set to 0 at every tenth, and when a tenth ballot comes in",
        {"id": "always 1", "pending": "0 to 10, over all scans together"},
    ),
    Kept(
        "issuing",
        "slip",
        "a paper code that was printed; nobody wrote down who drew it",
        "sealing: then it is overwritten",
        {
            "mark": "a hash of the code; another one than in the ballots database",
            "scan": SCAN,
            "stratum": "the group it was printed for",
        },
    ),
    Kept(
        "issuing",
        "printing",
        "how many slips were printed for a group",
        "it stays; it is published with the results",
        {
            "scan": SCAN,
            "stratum": "the group",
            "run": "the first, second, ... print",
            "printed": "number of slips for the box",
            "reserve": "number of spare slips with the adviser",
        },
    ),
    Kept(
        "issuing",
        "open_link",
        "the address of a scan that anyone with it can use",
        "sealing",
        {"mark": "a hash of the address's code", "scan": SCAN, "active": "whether it works"},
    ),
    Kept(
        "issuing",
        "invited",
        "a mail address, only if you were invited by mail, under a random key; apart from every answer",
        "sealing: then it is overwritten, and its key is destroyed, so that copies can't be read either",
        {
            "id": "random, made for this address alone",
            "scan": SCAN,
            "stratum": "the group you were invited in, of at least the smallest group",
            "language": "the language of your mail",
            "sealed": "the address, encrypted under a key that is not in the databases",
            "mark": "a keyed hash of the address, so that it is found again without being readable",
            "generation": "how many times your link was replaced, because you lost it",
        },
    ),
    Kept(
        "issuing",
        "invitation_letter",
        "an invitation or reminder that is on its way or was sent; everybody gets them, also who has answered",
        "sealing: then it is overwritten",
        {
            "scan": SCAN,
            "round": "0 for the invitation, then the first, second, ... reminder; 100 for a new link instead of a lost one",
            "id": "the random number of the address",
            "state": "waiting, sending, later, sent or refused",
            "tries": "how often it was tried",
        },
    ),
    Kept(
        "issuing",
        "invitation",
        "that a personal link is good and whether it was opened: the operator could learn whose it is, never which ballot",
        "sealing: then it is overwritten",
        {
            "mark": "a hash of the secret in your link",
            "scan": SCAN,
            "stratum": "the group you were invited in, of at least the smallest group",
            "blinded": "a hash of the sealed envelope that your browser had stamped; the server can't know it again on a ballot",
        },
    ),
    Kept(
        "issuing",
        "reissue",
        "how many personal links an adviser replaced in a group",
        "it stays; it is published with the results",
        {"scan": SCAN, "stratum": "the group", "granted": "number of links that were replaced"},
    ),
    Kept(
        "issuing",
        "signing_key",
        "the stamp of a group, the same for everybody in it",
        "sealing: then it is overwritten",
        {
            "scan": SCAN,
            "stratum": "the group",
            "modulus": "the public half, which everybody can read",
            "sealed": "the secret half, encrypted under a key that is not in the databases",
        },
    ),
    Kept(
        "issuing",
        "subscriber",
        "a mail address, only if you asked for mail about what changes; apart from every scan, under a random key",
        "you unsubscribe; without your confirmation after 7 days",
        {
            "handle": "random, made for this subscription alone",
            "mark": "a keyed hash of the address, so that it is found again without being readable",
            "board": "which organisation's news you get",
            "sealed": "the address, encrypted under a key that is not in the databases",
            "language": "the language of your mail",
            "state": "asked, or confirmed by you",
            "asked_on": "the day on which you asked",
            "refused": "how many letters in a row your mail server refused",
        },
    ),
    Kept(
        "issuing",
        "letter",
        "a letter to a subscriber that is on its way, or went out in the last 30 days; without its text and address",
        "30 days after it was made, or when you unsubscribe",
        {
            "key": "random, made for this letter alone",
            "board": "which organisation's news it holds",
            "subscriber": "the random key of the subscription",
            "kind": "a question to confirm, or news",
            "digest": "which news",
            "message_id": "the random number in the letter's head, fixed when it is made",
            "state": "waiting, sending, sent or refused",
            "tries": "how often it was tried",
            "due_at": "when it is tried next",
            "made_at": "when it was made",
        },
    ),
    Kept(
        "issuing",
        "quota",
        "how often mail was asked for one address or on one board, so that nobody is flooded with it",
        "an hour or a day later",
        {
            "mark": "a keyed hash of the address or the board",
            "used": "how often",
            "until": "when it is forgotten",
        },
    ),
)

NEVER = (
    "a name, staff number or account of somebody who fills in a scan, or an e-mail address beside answers",
    "the time at which an answer came in, or the order in which answers came in",
    "a network address, browser, device, language or cookie",
    "which code or which personal link belongs to which answers",
    "a log of visits: there is no access log",
)
