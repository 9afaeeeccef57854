"""Where a letter asks for something in words, and where it only seems to.

Belongs here: the verbs and nouns of asking, their strength, and what unmakes them (a refusal, a trial that is over).
Does not belong here: where the item's words end (phrases), tables and tick boxes (grids).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.parse.categories import by_words
from pipeline.parse.itemcodes import codes_in
from pipeline.parse.phrase_lists import phrases_from
from pipeline.parse.phrases import SOMEBODY, Phrase
from pipeline.parse.quantities import costs, durations, frequencies


@dataclass(frozen=True)
class Ask:
    """Items asked for together in one statement text[start:end]. `tier` 1 asks outright, 2 implies it, 3 states a
    need, 4 mentions; `source` names the ground in plain words."""

    phrases: tuple[Phrase, ...]
    start: int
    end: int
    tier: int
    source: str


_ADV = r"(?:(?:\w+ly|also|now|again|still|hereby|therefore|thus|to|please|so|once more|herewith|then)\s+){0,3}"
_WE = r"(?:\b(?:I|we|(?<![\w.,$#(] )(?<![\w.,$#(])1(?= (?:ask|am|have|request|recommend|prescribe|order|would|hereby|respectfully|therefore|certify|believe)\b)|(?:our|my) (?:office|clinic|team|practice)|this office|this letter|the undersigned|Dr\.? [A-Z][\w'’-]+|the (?:physician|provider|prescriber|treating \w+))\b)"
_VERB = r"(?:prescrib|order|request|recommend|authori[sz]|propos|seek|advis|direct|ask|petition|appl|refer|initiat|certif|urg|advocat|endors|support|plead|implor)"
_STRONG = re.compile(
    rf"{_WE}[,\s]+(?:(?:am|are|is|was|were|be|have|has|had|no hesitation in|would|do|must|will|can|wish|want|need|like|write|writing|been|respectfully|that|it|feel|believe|and)\s+){{0,5}}{_ADV}{_VERB}(?:e|es|s|ing|ed|y|ying|ies|ied|ue)?\b(?:\s(?:him|her|them) to\b)?(?! (?:him|her|them|that (?:he|she)) (?:not|never))"
    r"|\b(?:please\s+(?:approve|authori[sz]e|cover|allow|provide|accept|consider|dispense|supply|issue|grant|reimburse|fund|pay for|permit|honou?r)|kindly (?:approve|authori[sz]e|cover|consider|reimburse|provide))\b"
    r"|(?:^|(?<=[.:;]\s)|(?<=\n))\W*(?:requesting|requested|request|recommend(?:ed|ation|ations)?|prescription|prescribed|ordered|orders?|rx|plan|treatment plan|needs?|needed)\s*[:–—]\s*"
    r"|(?:^|(?<=[.:;]\s)|(?<=\n))\W*(?:please\s+)?(?:dispense|disp|supply|furnish|provide|fit (?:him|her|the patient|pt) (?:for|with)|refer(?:ral)? (?:to|for)|issue)\s*[:.]?\s+(?=[#\da-z])"
    r"|(?:^|(?<=[.:;]\s)|(?<=\n))\W*(?:orders?|requests?|rx|plan|items?|equipment|needs?)\s+(?=\(?1[.)]\s)"
    r"|\bfollowing (?:\w+ ){0,3}(?:is|are) (?:\w+ly )?(?:necessary|needed|required|requested|ordered|prescribed|recommended)\s*:"
    r"|\bI(?: want| would like| wish|['’]d like) (?:him|her|them|the (?:patient|child|boy|girl)|this (?:patient|child)|(?:Mr|Mrs|Ms)\.? [A-Z][\w'’-]+|[A-Z][a-z]+(?: [A-Z][a-z]+)?) to (?:have|use|begin|start|try|get|receive|attend|continue|wear|see|undergo|take|join|be (?:fitted with|given|seen by|treated with))\b"
    r"|\b(?:serve|accepted?) as (?:an?|my|the) (?:\w+ )?(?:order|prescription|request)\s+for\b"
    r"|\bthe (?:item|equipment|service|request|treatment|device|product) (?:requested |in question |sought |being requested )?is (?:for )?(?=(?:a|an|the|for)\b)"
    r"|\b(?:request(?:ing)?|asking|ask|seek(?:ing)?|apply(?:ing)?|appeal\w*)(?: \w+){0,3}? (?:for\s)?(?:(?:prior|continued|full|retroactive|insurance|your|the|plan) )*(?:approval|authori[sz]ation|coverage|pre-?authori[sz]ation|pre-?certification|reimbursement|payment)\s+(?:of|for|to)\b"
    r"|\bif you (?:would|could|will|can) (?:kindly |please )?(?:allow|approve|cover|authori[sz]e|consider|reimburse|grant|permit|accept|fund|pay for)\b"
    r"|\b(?:appeal\w*|contest\w*|reconsider\w*|revers\w+|overturn\w*|dispute|challenge|rescind|withdraw) (?:\w+ ){0,3}?(?:denial|refusal|rejection|non-?coverage|determination|decision to (?:deny|refuse))\s(?:of|for|regarding)\s(?:(?:coverage|payment|authori[sz]ation|approval|benefits) (?:of|for) )?(?!(?:the )?(?:above|claim|date|\w+ \d))"
    r"|\b(?:in support of|in favou?r of)\s+(?:his |her |their |the |my patient['’]s |a |an |\w+['’]s )*(?:request |need |claim |use )?(?:for |of )?"
    r"|\b(?:prescription|order|referral|requisition)\s+(?:is\s+|was\s+|has been\s+)?(?:given |written |made |enclosed |attached )?(?:for|is for)\s+(?!(?:him|her|them)\b)"
    r"|\b(?:requested|prescribed|ordered|recommended|proposed) (?:treatment|service|item|equipment|product|therapy|procedure|device|medication|test|intervention|course)s?\s*(?:\([^)]*\)\s*)?(?:\s(?:is|are|includes?|consists? of)\b|:)"
    r"|\b(?:I|we)(?: have| had)? (?:started|placed|put|enrolled) (?:him|her|them|the patient|this patient|Mr\.? [A-Z]\w+|Mrs\.? [A-Z]\w+|Ms\.? [A-Z]\w+) (?:on|in)\b"
    r"|\brefer(?:ring|red|s)? (?:(?:him|her|them|(?:the|this|my) (?:patient|child)|(?:Mr|Mrs|Ms)\.? [A-Z][\w'’-]+) )?(?:for|to)\s(?=(?:a |an |the )?[a-z])"
    r"|\breconsider(?:ation)?\b[^.;]{0,60}?\b(?:for|of)\s(?!(?:your|the (?:denial|decision)|\d))"
    r"|\b(?:my|our) (?:order|prescription|recommendation|request|plan) (?:is|is for|for|includes)\b|\b(?:my|our) (?:\w+ )?(?:order|prescription|recommendation|request|plan|advice|proposal) (?:is for|calls for|consists of)\b"
    r"|\b(?:my|our) (?:\w+ )?(?:order|prescription|recommendation|request|advice|opinion|judg(?:e)?ment|wish|hope) that\b"
    r"|\b(?:approval|authori[sz]ation|pre-?(?:authori[sz]|certific)ation|coverage|payment|reimbursement|funding|consent|permission) (?:is|are|was|were|be) (?:\w+ly )?(?:sought|requested|asked|needed|desired|being sought|being requested) (?:for|of|to)\b"
    r"|\b(?:medical )?(?:need|necessity|indication) (?:exists|is (?:clear|established|documented|shown|demonstrated|evident|present)) (?:for|of)\b"
    r"|\b(?:this|the present|the following) (?:letter|note|statement|document|is|serves|will serve|shall serve)(?: (?:is|serves|will|shall|hereby))* (?:to )?(?:(?:request|order|prescrib|recommend|support|justif)\w*\b|(?:certif|attest|confirm|document|verif|establish)\w*\b (?:to |as to )?(?:the |a |his |her |their )?(?:medical )?(?:need|necessity|indication) (?:of|for)\b)"
    r"|\bplease\s+(?:\w+\s+){1,5}?(?:to )?(?:approve|authori[sz]e|cover|reimburse|pay for|fund)\b"
    r"|\bplan(?: of care)?(?: is|:) (?:to (?:start|begin|continue|provide)\s)?"
    r"|\b(?:I|we) (?:certify|attest|confirm|believe|feel|affirm|consider)(?: \w+){0,3}? (?:the )?(?:medical )?(?:need|necessity) (?:of|for)\b"
    r"|\b(?:is|has been|have been|are|being) (?:prescribed|ordered|recommended)(?!\s*(?:by|to|and|[.,;]|in|for|that|at|on|as|over|until|through|because))",
)  # fmt: skip
_STRONG_IC = re.compile(_STRONG.pattern, re.I)
_TITLE = re.compile(
    r"(?:(?:letter|statement|certificate|certification)s? of (?:medical )?(?:necessity|need)|medical necessity)(?: letter| statement)?\s*(?:for|of|:|–|—|-|re:?|regarding)+\s*"
    r"|\b(?:coverage|approval|authori[sz]ation|pre-?authori[sz]ation|request|appeal|reimbursement|order|prescription|certification|support)(?: of| for| letter for)+\s+", re.I)  # fmt: skip
_NOUN = re.compile(
    r"\b(?:(?:has been|is being|will be|was|is) enrolled in (?:our|the|a|an)|(?:purchase|rental|use|provision|coverage|approval|authori[sz]ation|reimbursement|payment|expense|cost|funds?|account) (?:of|for)|to (?:purchase|obtain|buy|begin|start|pay for|cover|undergo|enroll in|join)|medical (?:need|necessity) (?:of|for)|"
    r"(?:need|indication|request|claim|regard|regards|reference|relation|respect)(?:s)? (?:for|of|to)|regarding|concerning|(?:us(?:e|ing)|apply(?:ing)?) (?:his|her|their|the|an?) (?:FSA|HSA|HRA|flex\w*|health savings\w*|spending)(?: (?:account|funds?|dollars|card|spending))* (?:for|on|toward|to (?:buy|purchase|pay for)))\s", re.I)  # fmt: skip
_NEED = re.compile(
    r"\b(?:(?:is|be|was) (?:\w+ly )?(?:essential|necessary|imperative|critical|vital|crucial|important|required) (?:for|that)|(?:must|should|will) (?:remain|stay|continue) on|(?:now )?time for|needs?(?: now| today)?(?: is)?|requires?|would (?:greatly |clearly |significantly )?(?:benefit|profit|gain) from|would (?:do well|be helped) (?:with|by)|will (?:need|require)|should (?:have|use|receive|begin|continue|undergo|wear|be (?:given|provided|fitted) with)|must (?:have|use|wear)|is a candidate for|(?:would|will) be (?:best |well |better )?(?:served|helped) (?:by|with)|(?:must|should|needs? to|has to|is to) be (?:exchanged|replaced|substituted) (?:for|with|by)|to be (?:treated|managed|fitted) with"
    r"|treat(?:ed|ment)?(?: \w+){0,4}? with|will be treated with|continue(?:d|s)? (?:with|on|to use)|is to (?:use|wear|take|have|receive|attend)|benefit(?:s|ed|ing)? from)\s", re.I)  # fmt: skip
_MENTION = re.compile(r"\b(?:may|might|could|would like|wants?|hopes?|wishes|asked me|asks?|interested in|consider(?:ing)?|try|trying|about|in regard to|better|a new)\s", re.I)
_IS_NEEDED = re.compile(
    r"\s(?:is|are|remains?|be|has been|have been|was|were|will be|as)\s+(?:(?:\w+ly|both|hereby|also|now|therefore|thus|considered|deemed|felt to be|the|a|an)\s+){0,3}(?:medical(?:ly)? )?(?:necessary|necessity|required|needed|indicated|prescribed|requested|ordered|recommended"
    r"|essential|warranted|wanted|justified|appropriate treatment|standard of care|sought|supported|advised|planned|proposed|scheduled|to be (?:performed|done|given|provided|started|used|begun)|mandatory|reasonable and necessary)\b(?! (?:by|to (?:avoid|stop)))"
    r"|\s(?:should|must|ought to|needs? to|has to|have to)(?: \w+ly| also| now)? be (?:\w+ly )?(?:provided|given|supplied|put in|installed|fitted|made|bought|purchased|rented|covered|paid(?: for)?|reimbursed|started|begun|used|worn|approved|authori[sz]ed|dispensed|allowed|built|placed|arranged)\b(?! (?:by|to (?:avoid|stop)|at (?:all|least)))", re.I)  # fmt: skip
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|rather than|instead of|without|declin\w+|refus\w+|neither|nor|cannot|can['’]?t|don['’]?t|doesn['’]?t|didn['’]?t|no|nothing|denied|den(?:y|ial)\w*|against|unable to|hesitant to|would not|unless|failed to|chose not|stopped)\b[^.;,]{0,30}$", re.I)  # fmt: skip
_NOT_AFTER = re.compile(
    r"^[^.;]{0,60}?\b(?:(?:is|are|was|were|has been|have been) (?:not |never |no longer )(?:\w+ )?(?:requested|recommended|ordered|prescribed|needed|necessary|indicated|required|an option|asked|sought|suitable|appropriate)|(?:was|were) (?:declined|denied|refused|ruled out|considered and)"
    r"|(?:is|are) (?:contraindicated|ineffective|inadequate|insufficient)|(?:did|does|do|has|have|had) not|failed|was (?:stopped|discontinued|tried|ineffective|abandoned|unsuccessful))\b", re.I)  # fmt: skip
_OVER = re.compile(
    r"\b(?:previously|earlier|in the past|last (?:year|month|spring|summer|fall|autumn|winter)|initially|at first|at that time|years ago|months ago|first-line|in (?:19|20)\d\d|formerly|originally)\b|\b(?:had|was|were) (?:previously |first |initially )?(?:tried|prescribed|ordered|given|recommended)\b", re.I)  # fmt: skip
_OTHERS_WILL = re.compile(r"\b(?:neurologist|surgeon|orthopedist|specialist|insurer|plan|notice|denial|neurosurgeon|previous (?:doctor|physician)|former \w+|another \w+|ER|emergency)\b[^.;]{0,30}$", re.I)
_ABOUT_PAPER = re.compile(
    r"^\s*(?:your|this (?:letter|appeal|decision|matter|claim)|that you (?:reverse|call|contact|review|reconsider|overturn)|you (?:to )?(?:overturn|reverse|call|contact|review|reconsider)|(?:a |an )?(?:peer|expedited|copy|response|reply|call|prompt|external|independent|written|second|hearing|exception|reversal|overturn|review)\b|that (?:the )?denial|reconsideration(?! of)|me\b|to speak|whether|if\b|why|the (?:enclosed|attached|following (?:statements?|information)))", re.I)  # fmt: skip


def asks_in(text: str, start: int, end: int, next_start: int | None = None) -> list[Ask]:
    """What the sentence text[start:end] asks for. `next_start`: where a list that follows it ends, if one does."""
    found = [*_behind(text, start, end, _STRONG_IC, 1, "is asked for"), *_needed(text, start, end)]
    if any(ask.tier == 1 for ask in found):
        return found
    found += _behind(text, start, end, _NOUN, 2, "is what the request is for")
    found += _behind(text, start, end, _NEED, 3, "is said to be needed")
    return found or list(_behind(text, start, end, _MENTION, 4, "is mentioned")) or mentioned(text, start, end)


def titled(text: str, start: int, end: int) -> list[Ask]:
    """The item in a title or subject line: 'Letter of Medical Necessity for X', 'Re: coverage of X'."""
    return [ask for ask in _behind(text, start, end, _TITLE, 2, "stands in the title") if all(by_words(p.text) or p.code for p in ask.phrases)]


def _behind(text: str, start: int, end: int, triggers: re.Pattern[str], tier: int, source: str) -> Iterable[Ask]:
    floor = start
    for match in triggers.finditer(text, start, end):
        if match.start() < floor or _negated(text, start, match):
            continue
        if _ABOUT_PAPER.match(text[match.end() : end]) or _idle(text, start, match):
            continue
        phrases = _spelled_out(text, [p for p in phrases_from(text, match.end(), end) if _asked(text, p, end, tier)], end)
        if not phrases or phrases[0].start - match.end() > 130:
            continue
        after = text[phrases[-1].end : phrases[-1].end + 24]
        weaker = bool(_OVER.search(text[start : match.end()]) or _OVER.match(after.lstrip(" ,"))) or _hedged(text, match)
        known = any(by_words(p.text) or p.code for p in phrases)
        floor = phrases[-1].end
        yield Ask(tuple(phrases), start, end, min(4, tier + (0 if known else 3) + (2 if weaker else 0)), source)


def _spelled_out(text: str, phrases: list[Phrase], end: int) -> list[Phrase]:
    """'replacement supplies for her: one mask, A7034, and tubing': what stands behind the colon is what is asked for."""
    colon = _COLON.match(text, phrases[0].end, end) if len(phrases) == 1 and phrases[0].code is None else None
    below = [p for p in phrases_from(text, colon.end(), end) if p.code or by_words(p.text)] if colon else []
    return below if below and colon and below[0].start - colon.end() < 12 else phrases


_COLON = re.compile(r"[^.;:(]{0,30}:\s")


def _negated(text: str, start: int, match: re.Match[str]) -> bool:
    """A denial before the verb; one before 'I ask' belongs to another clause."""
    if _NEGATED.search(match.group()):
        return True
    subject = re.match(r"\W*(?:I|we|our|my|please|kindly|this letter)\b", match.group(), re.I)
    return subject is None and _NEGATED.search(text[max(start, match.start() - 50) : match.start()]) is not None


def _hedged(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 30) : match.end()]
    return bool(re.search(r"\b(?:may|might|could|possibly|perhaps)\b", before, re.I))


def _idle(text: str, start: int, match: re.Match[str]) -> bool:
    """A verb of asking whose subject is somebody else, or that is done with: 'the surgeon recommended', 'I ordered an
    MRI, which showed'."""
    if _LATER.search(match.group()) and re.match(r"\W*(?:if|should|once|when|provided)\b", text[start : match.start()].lstrip(), re.I):
        return True
    if _OTHERS_WILL.search(text[max(start, match.start() - 60) : match.start()]) and not (re.match(r"\W*(?:I|we)\b", match.group()) and re.search(r"(?:,|\band)\s*$", text[start : match.start()])):
        return True
    behind = text[match.end() : match.end() + 140]
    return bool(re.match(r"[^.;]{0,100}?,? (?:which|and (?:it|this|they)|that) (?:showed|revealed|did not|gave|failed|was|were|confirmed|has not|helped only)\b", behind, re.I))


_LATER = re.compile(r"\b(?:will|would|may)\b", re.I)
"""'If the trial works, we will ask for the implant': not asked for now."""


def _asked(text: str, phrase: Phrase, end: int, tier: int) -> bool:
    if _NOT_AFTER.match(text[phrase.end : min(end, phrase.end + 110)].replace("\n", " ")):
        return False
    known = by_words(phrase.text) is not None or phrase.code is not None
    words = len(phrase.text.split())
    return (known and words <= 16) or (tier == 1 and words <= 8 and not _ABOUT_PAPER.match(phrase.text))


_CLAUSE = re.compile(
    r"(?:.*(?:[;:.]\s|\b(?:that|because|therefore|since|so|which|and it is|but|hence|thus|why|whether|however)\s,?|\b(?:believe|feel|opinion,?|find|think|judgment,?|reasons?,|certify|attest|confirm|state)\s|^))?(?P<np>.+)$", re.I | re.S)  # fmt: skip


def _needed(text: str, start: int, end: int) -> Iterable[Ask]:
    """'Custom orthotics (L3000), worn daily, are medically necessary': the item stands before the verb."""
    for match in _IS_NEEDED.finditer(text, start, end):
        head = text[start : match.start()]
        if re.search(r"\bnot\b|\bnever\b", match.group()) or re.match(r"\s*(?:not|no)\b", text[match.end() :]):
            continue
        clause = _CLAUSE.match(head)
        if clause is None or _NEGATED.search(clause["np"][:24] if clause["np"] else ""):
            continue
        at = start + clause.start("np")
        phrases = _subject_phrases(text, at, match.start())
        if phrases and phrases[-1].code is None:
            phrases = [*phrases[:-1], _with_code_behind(text, phrases[-1], match.end(), end)]
        if phrases:
            yield Ask(tuple(phrases), start, end, 2, "is said to be necessary")
        elif _ORDERED.search(match.group()):
            unknown = [p for p in phrases_from(text, at, match.start(), many=False) if p.start - at < 30 and 1 < len(p.text.split()) <= 8]
            yield from [Ask(tuple(unknown), start, end, 3, "is said to be ordered")] if unknown else []


def _with_code_behind(text: str, phrase: Phrase, at: int, end: int) -> Phrase:
    """The phrase with the code in brackets or behind a comma right after the verb: 'X is requested (43775)'."""
    opened = re.compile(r"\s*[(,]\s*(?:(?:cpt|hcpcs|code)\W*)?", re.I).match(text, at, end)
    found = codes_in(text, opened.end(), min(end, opened.end() + 8), sure=True) if opened else []
    if not opened or not found or found[0].start != opened.end():
        return phrase
    return replace(phrase, code=found[0], quantity=phrase.quantity or found[0].quantity)


def _subject_phrases(text: str, start: int, end: int) -> list[Phrase]:
    """The items that begin a clause, past an opening like 'In summary,'."""
    openings = [start, *(m.end() for m in re.finditer(r",\s", text[start:end]))][:4]
    for n, at in enumerate(openings):
        at = at if n == 0 else start + at
        phrases = [p for p in phrases_from(text, at, end) if by_words(p.text) or p.code]
        if phrases and phrases[0].start - at <= 40:
            return phrases
    return []


_ORDERED = re.compile(r"(?:prescribed|requested|ordered|recommended)$", re.I)


_WOULD_HELP = re.compile(r"\s(?:may|might|could|would|can|will)\s(?:also |well |greatly )?(?:be|help|let|allow|enable|benefit|improve|reduce|prove|serve|do|relieve|ease|give|provide|keep)\b", re.I)


_STARTS = re.compile(r"\b(?:a|an|the|his|her|their|my|for|of|on|with|to|have|begin|receive|and|that|is|be|using|through)\s|[,:;(]\s?", re.I)
_SET_ASIDE = re.compile(
    r"\b(?:despite|in spite of|even with|prevented|tried|trial(?:led|ed)?|fail(?:ed|ure)|completed|underwent|stopped|did not|didn['’]t|without|has been (?:on|using|taking|wearing)|currently|present(?:ly)?|old|was|were|wears|takes|taking|uses|history|showed|denied|denial|declin\w+|ruled out|not|no|never|cannot"
    r"|had|used|wore|gave|helped|allergic|excluded|if|unless|lives|works|refer\w*|controlled|stable|at home|(?:has|have) an?|recommended by|offered|confirms?|proven|emergency|seen|discussed|expect|goal|measure\w*|score|patients (?:with|who)|studies|evidence|literature|guidelines?)\b", re.I)  # fmt: skip


def named(text: str, start: int, end: int) -> list[Ask]:
    """Items that a sentence names with a code or an amount though it does not ask: tier 3; with nothing beside
    them, or next to words of what was tried, tier 4."""
    found: list[tuple[int, Phrase]] = []
    at = start
    for place in [start, *(m.end() for m in _STARTS.finditer(text, start, end))]:
        if place < at:
            continue
        phrases = phrases_from(text, place, end, many=False)
        if not phrases or phrases[0].start - place > 24 or by_words(phrases[0].text) is None or len(phrases[0].text.split()) > 9 or SOMEBODY.search(phrases[0].text):
            continue
        phrase = phrases[0]
        at = phrase.end
        clause = re.split(r"[;:]\s", text[max(start, place - 70) : phrase.end])[-1] + re.split(r"[;.]\s", text[phrase.end : min(end, phrase.end + 80)])[0]
        aside = _SET_ASIDE.search(clause) or _NOT_AFTER.match(text[phrase.end : min(end, phrase.end + 110)].replace("\n", " "))
        behind = text[phrase.end : min(end, phrase.end + 70)].replace("\n", " ")
        telling = phrase.code is not None or frequencies(behind) or durations(behind) or costs(behind)
        found.append(((3 if telling else 4) + (2 if aside and not phrase.code else 1 if aside else 0), phrase))
    best = min((tier for tier, _ in found), default=5)
    level = [p for tier, p in found if tier == best]
    kept = [p for p in level if p.code] or level[:1]
    return [Ask((p,), start, end, best, "is named") for p in kept if best <= 4]


def mentioned(text: str, start: int, end: int) -> list[Ask]:
    """Something nameable that the sentence says would help, for letters that never ask outright."""
    for match in _WOULD_HELP.finditer(text, start, end):
        clause = _CLAUSE.match(text[start : match.start()])
        phrases = _subject_phrases(text, start + clause.start("np"), match.start()) if clause else []
        if phrases and not _NEGATED.search(text[start : phrases[0].start]):
            return [Ask(tuple(phrases), start, end, 4, "is said to help")]
    return []


def asks_outright(text: str, start: int, end: int) -> bool:
    """Whether the sentence asks for something, named in it or in the list behind it."""
    if re.search(r"\b(?:following|these|all) (?:of the following )?(?:statements?|conditions?|criteria|reasons|questions)|\b(?:are|is) true\b", text[start:end], re.I):
        return False
    if any(not _NEGATED.search(text[max(start, m.start() - 50) : m.start()]) for m in _STRONG_IC.finditer(text, start, end)):
        return True
    return bool(re.search(r"\b(?:requested|requesting|prescribed|ordered|recommended|needed|required|following)\b[^:]{0,60}:\s*$", text[start:end], re.I))
