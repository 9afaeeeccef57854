"""Treatments that did something, or with which something was done: signs that they were had, whatever came of them.

Belongs here: 'the sleeve rolled', 'she still swallows X', 'we moved him to X', 'X (2019)', 'X, Y and Z - no change'. Does not
belong here: words of trying or failing (treatment_regions), what counts in the end (treatments). The verbs here are those
of the language, not of any letter: a past form is one by its ending or by the list of irregular ones.
"""

import re

from pipeline.parse.cues import lexicon
from pipeline.parse.treatment_names import drug_at, lexical, names_treatment, phrase
from pipeline.parse.treatment_regions import stop_after, stop_before

_IRREGULAR = (
    "took|gave|made|left|got|went|came|kept|held|lost|wore|tore|broke|fell|slid|split|cut|put|set|let|hurt|cost|bought|brought|began|"
    "did|had|sent|sat|stood|spent|ran|rose|rode|slept|stung|stuck|shook|saw|shrank|sank|swelled|threw|told|bit|bent|burned|burnt|bled|felt|"
    "grew|led|meant|met|paid|proved|quit|rubbed|shed|spared|stole|swung|wept|won|wound|undid|dug|drove|drew|flew|fought|froze|hung|knocked"
)
_PAST = rf"(?:{_IRREGULAR}|(?!need|indeed|proceed|exceed|succeed|speed|feed|red|bed|hundred)[a-z]{{2,}}ed)"
_NOT_HAD = (
    r"(?:request|recommend|prescrib|order|propos|deni|declin|refus|consider|discuss|suggest|advis|plann|approv|need|requir|indicat|schedul|offer|submit|list|"
    r"nam|describ|associat|relat|interest|allow|expect|design|intend|want|ask|hop|postpon|review|reject|exclud|contraindicat|appeal|authoriz|bas|mention|avoid|limit|call|"
    r"specif|select|quot|compar|estimat|supply|suppli|bill|charg|enclos|attach|sign|dat|referr|"
    r"arriv|remain|seem|appear|look|sound|happen|belong|includ|involv|contain|exist|matter|deserv|deliver|weigh|measur|retail|cost|met\b|gained|qualifi|"
    r"came (?:up|with|in|from|as)\b|made sense|raised (?:an?|the|some) (?:questions?|concerns?|issues?|points?))\w*"
)
_ADVERBS = r"(?:(?:also|only|just|then|first|soon|later|never|hardly|barely|scarcely|merely|simply|promptly|eventually|initially|twice|likewise|again|each|all|both|nightly|daily|\w+ly) )*"
_ASIDE = r"(?:\s*\([^()]*\))?(?:,? (?:at|from|on|in|for|by|of|through|since|after|with|every|each|worn|taken|used|given|done|tried|bought|twice|daily|nightly|over|under|and (?!she|he|they|it))[^.;:]{0,60}?,?)?"
_DID = re.compile(rf"(?:{_ASIDE})\s+{_ADVERBS}(?!{_NOT_HAD}\b){_PAST}\b(?! (?:by|for) (?:the|this|my|our) (?:plan|insurer|payer))", re.A)
_WAS_USED = re.compile(rf"(?:{_ASIDE})\s+(?:was|were|has been|have been|had been) {_ADVERBS}(?:worn|used|taken|given|applied|tried|fitted|issued|loaned|placed|inserted|injected|done|performed|completed|attended|increased|raised|doubled|titrated|added|stopped|discontinued|tapered|withdrawn|abandoned|returned|outgrown|broken|kept up)\b")
_WOULD_NOT = re.compile(r"\s*(?:\([^()]*\) )?(?:simply |just )?(?:would(?: not|n['’]t)|refuse[sd] to) (?!be\b|have\b|help\b|suffice\b|address\b|meet\b|provide\b|treat\b|replace\b|allow\b|give\b)\w+")
_PERSON = r"(?:he|she|they|we|i|patient|pt|child|(?:mr|mrs|ms|mx)\.? [\w-]+|nurses?|staff|the (?:er|hospital|school|clinic|urgent care))"
_WAS_GIVEN = re.compile(
    rf"\b(?:{_PERSON}|and)(?: (?:then|first|also|once|later|already|initially|again|even|himself|herself|has|have|had|ha(?:s|ve|d) been|was|were|is now|\w+ly))*['’]?(?:ve|s|d)? ?"
    r"(?:received|took|taken|wore|worn|used|using|got|gotten|bought|borrowed|rented|checked|swallowed|applied|drank|ate|slept (?:on|in|with|upright)|rode in|walked with|"
    r"attended|completed|finished|underwent|undergone|went through|gone through|been through|been on|put on|placed on|started on|switched to|moved (?:\w+ )?(?:on )?to|changed (?:\w+ )?to|"
    r"treated(?: \w+)*? with|managed with|dressed(?: [\w-]+){0,4}? with|given|gave|did|done|followed|kept (?:to|up)|practi[cs]ed|enrolled in|joined|worked (?:\w+ )?way through|"
    r"cycled through|progressed through|exhausted|had|self-?treated (?:with|w/)|relied on|lived on|tried)(?!\w)(?P<rest>[^.;:]*)$"
)
_STILL = re.compile(
    rf"\b(?:still|at present|presently|currently|now|nowadays|today|these days|for now)\b(?: \w+)?? ?(?:{_PERSON} )?(?:still )?(?:takes?|swallows?|uses?|wears?|rides in|sleeps (?:in|on|with)|sits (?:in|on)|lies on|walks with|gets around (?:in|with)|drinks|eats|applies|injects|inhales|relies on|has|is on|makes do with|(?:is )?taking|(?:is )?using|(?:is )?wearing)\b[^.;:]*$"
    rf"|\b{_PERSON} (?:still|now|currently|presently) (?:takes?|swallows?|uses?|wears?|rides in|sleeps (?:in|on|with)|sits (?:in|on)|lies on|walks with|drinks|applies|injects|relies on|makes do with)\b[^.;:]*$"
    r"|\b(?:her|his|their|the) (?:present|current|existing|old|worn[- ]out|own) (?:\w+ )?$"
)
_FRONTED = re.compile(r",? (?:he|she|they|we|i) (?:(?:has|have|had|already|also) )*(?:worn|tried|used|taken|had|done|wore|took|kept|keeps up|gave up|given up|stopped|quit|endured|finished)\b")
"""'Aquatic exercise she keeps up': the object stands first."""
_NOTWITHSTANDING = re.compile(r"(?: (?:with|by|from|at|in) [\w ]{2,30})? notwithstanding\b")
_NOTHING = re.compile(rf"(?:{_ASIDE}|(?: (?:with|from|of|by) [\w ]{{2,30}},?)?)\s+{_ADVERBS}(?:changed|did|achieved|brought|gave|gained|accomplished|yielded|helped|altered) (?:\w+ )?(?:nothing|little|not|no)\b")
_IN_YEARS = re.compile(r",? (?:from )?(?:\w+ )?(?:19|20)\d\d (?:to|through|until|till|[-–]) (?:\w+ )?(?:(?:19|20)\d\d|present|now)\b")
_PRESENT_ONE = re.compile(r"\b(?:her|his|their|the) (?:present|current|existing|old|worn|worn-out) (?:\w+ )?$")
_IS = re.compile(r" (?:is|are|has|have|no longer|does|do|cannot|can['’]t)\b")
_ON = re.compile(r"^\W*(?:on|under|with) (?:\w+ly )?$")
_HE_DID = re.compile(rf",? (?:he|she|they|his \w+|her \w+|their \w+) (?:\w+ly )?{_PAST}\b")
_THROUGH = re.compile(rf"\b{_PERSON} (?:\w+ly )?{_PAST}\b[^.;:]{{0,60}}? (?:on|through|right through) (?:[a-z]+,? (?:and|or) )?(?:through |on )?$")
_BETTER = re.compile(r"\b(?:improved|responded|recovered|better|resumed|thrived|did well|remission|cleared|began|started|placed|put|kept|stayed|remained|was|were)\b")
_USES = re.compile(rf"\b{_PERSON} (?:\w+ly )?(?:takes?|uses?|wears?|is on|sleeps (?:in|on)|sits (?:in|on)|applies|injects|inhales|follows|keeps to|is treated with)\b[^.;:]*$")
_OF_USE = re.compile(r"\W*(?:with (?:all )?(?:these|this|that|them|it)|even so|still|despite|in spite|nevertheless|nonetheless|yet|but|on (?:these|this|that|all)|he|she|they|his|her|their|it|mr|mrs|ms|the)\b")
_WITH = re.compile(r"^\W*(?:even )?(?:with|on|in|under) (?:an? |the |his |her |their |two |three |\w+ (?:daily )?)?$")
_CLAUSE_OF_PATIENT = re.compile(r"[^.;:,]{0,40}?,? (?:he|she|they|his|her|their|the (?:pain|wound|ulcer|swelling|rash|infection)|it)\b")
_DATED = re.compile(r"\s*\((?:[^()]{0,24}?\b(?:19|20)\d\d\b|\d{1,2}/\d{2,4})[^()]*\)")
_LASTED = re.compile(r"\s*\([^()]{0,10}\d+ ?(?:x|wks?|weeks?|mos?|months?|yrs?|years?|days?|visits?|sessions?)\b[^()]*\)")
"""How long or how often: so much is asked for as well, so that the sentence or the next has to say that it did not do."""

_PAPER = re.compile(r"\b(?:denial|letter|claim|request|invoice|bill|quote|receipt|estimate|order|policy|study|article)\b")
_OUTCOME = re.compile(r"\b(?:no|not|nothing|none|never|without|little|only|brief\w*|temporar\w*|minimal|partial|some|same|worse\w*|better|help\w*|relie\w+|eased?|stopped|quit|gave up|failed|rash|nausea|drows\w*|dizz\w*|side effects?|reaction|wore off|unchanged|ineffective|insufficient|inadequate|short-lived|useless)\b|n['’]t\b")
"""What came of the members of a list: a quantity, a price or a purpose behind it is no outcome."""

_PAID = re.compile(r"\b(?:cover\w*|co-?pay\w*|plan|[fh][sr]a|insur\w+|paid|pays?|price\w*|substitut\w+|needs?|requires?|way)\b")
"""What is said of things that are asked for."""

_ELSE = re.compile(r"^\W*to\b|\b(?:about|talk|house|instructions?|information|part in|brochure|evaluations?|assessments?|reactions?|allerg\w+|falls)\b")
"""What was had, done or tried instead of the thing that is named behind it."""

_CLAUSE = re.compile(r"\b(?:he|she|they|it|her|his|their|each|both|neither|all)\b")
_QUANTITY = re.compile(r"\W*(?:x ?)?(?:\d|for\b|to\b|as\b|per\b|see\b)")
_NAMES_ONLY = re.compile(r"(?:\s|,|;|/|&|\.\.\.|…|\band\b|\bor\b|\bplus\b|\bthen\b|\([^()]*\)|hourly|daily|nightly|at night|twice|an?|the|two|three|several|some|even)*")
_WELL = re.compile(r"\b(?:well[- ]controlled|controls? (?:it|his|her|the) \w+|comfortable|stable|doing well|working well|works? well|effective(?:ly)?|no change (?:is )?(?:planned|needed)|well tolerated|tolerat\w+ (?:\w+ )?well|satisf\w+|good (?:response|control|effect))\b")
_CONTRAST = re.compile(r"\b(?:but|yet|however|although|though|still|until|then|before|despite|not|no longer|wore off|only|fail\w*|without|in?adequate\w*|insufficient\w*|never|neither|nor|unable|cannot|n['’]t)\b|n['’]t\b")


def goes_well(text: str) -> bool:
    """Whether a sentence says that a treatment does its work, and nothing against it."""
    found = _WELL.search(text)
    return found is not None and _CONTRAST.search(text.replace(found.group(), "_")) is None


def was_had(text: str, start: int, end: int, follows: str) -> bool:
    """Whether the sentence tells of the treatment text[start:end] as of one that was had or is in use and does not do:
    it did something, the patient used it, or it stands with its year in a list. `follows`: the next sentence."""
    cues = lexicon("treatments")
    a, b = stop_before(text, start), stop_after(text, end)
    before, behind = text[a:start], text[end:b]
    if goes_well(text) or cues["without"].search(before) or cues["asks"].match(text) or cues["expects"].match(text) or cues["requested"].match(text[end:]):
        return False
    if cues["surgical"].search(text[start:end]):
        return False
    if cues["common"].fullmatch(text[start:end]):
        return bool(_subject(before) and (_NOTHING.match(behind)))
    if _opens_list(text, start, end):
        return True
    short = lexicon("justify")["failed"].search(text) or cues["fell_short"].search(text) or cues["fell_short"].search(follows)
    told = _DATED.match(text, end) or (short and _LASTED.match(text, end))
    if told and not _PAPER.search(before) and (_list_of_names(text, start) or not cues["ahead"].search(before)):
        return True
    if _IN_YEARS.match(text, end) and _list_of_names(text, start):
        return True
    if _PRESENT_ONE.search(before) and _IS.match(behind):
        return True
    if drug_at(text, start, end) and not _BETTER.search(text) and ((_ON.match(before) and _HE_DID.match(behind)) or _THROUGH.search(before)):
        return True
    if _FRONTED.match(text, end) or _NOTWITHSTANDING.match(text, end):
        return True
    if _subject(before) and (_DID.match(behind) or _WOULD_NOT.match(behind) or _WAS_USED.match(behind)):
        return True
    if (given := _WAS_GIVEN.search(text[max(0, a - 60) : start])) and _object(given["rest"]):
        return True
    if (short and _STILL.search(before)) or (_USES.search(before) and _OF_USE.match(follows) and (lexicon("justify")["failed"].search(follows) or cues["fell_short"].search(follows))):
        return True
    return bool(_WITH.match(before) and _CLAUSE_OF_PATIENT.match(behind) and short)


def dated(text: str, end: int) -> bool:
    """Whether a bracket right behind a name says when or for how long: 'nicotine gum (2019)'."""
    return _DATED.match(text, end) is not None or _LASTED.match(text, end) is not None


def _opens_list(text: str, start: int, end: int) -> bool:
    """Whether a sentence is, from its start, a list of two or more names, and then says what came of them."""
    if not _list_of_names(text, start):
        return False
    more = next((m for m in lexical(text[end:], tests=False) if _NAMES_ONLY.fullmatch(text[end : end + m.start()]) or phrase(text, end + m.start(), end + m.end())[0] <= end + 2), None)
    if more is None and not names_treatment(text[:start]):
        return False
    rest = re.search(r"\s[-–—]+\s|\.\.\.|…|:\s", text[end:])
    asked = lexicon("justify")["necessity"].search(text) or lexicon("treatments")["ahead"].search(text)
    return rest is not None and not asked and _tells(text[end + rest.end() :])


def _tells(rest: str) -> bool:
    """Whether what stands behind a list says what came of it: an outcome, or a clause about the patient or the members."""
    return _PAID.search(rest) is None and (_OUTCOME.search(rest) is not None or (_QUANTITY.match(rest) is None and _CLAUSE.search(rest) is not None))


def _list_of_names(text: str, at: int) -> bool:
    """Whether nothing but names of treatments and what joins them stands in text[:at]."""
    reached = 0
    for match in lexical(text[:at], tests=False):
        a, b = phrase(text[:at], match.start(), match.end())
        if b <= reached:
            continue
        if not _NAMES_ONLY.fullmatch(text[reached:a]):
            return False
        reached = b
    return bool(_NAMES_ONLY.fullmatch(text[reached:at]))


def _subject(before: str) -> bool:
    """Whether the words before a name let it be the subject of its clause: nothing, an article, or other names."""
    before = re.split(r",\s*(?:and|but|so|while|whereas|yet)\s", before)[-1]
    bare = re.sub(r"^\W*(?:(?:and|but|then|so|later|first|next|meanwhile|also|even|in the (?:meantime|end)|(?:over|after|during|in|last|since|this|by) [^,]{2,30},) )*", "", before)
    return bool(re.fullmatch(r"(?:(?:an?|the|her|his|their|our|some|two|three|four|both|several|one|eight|six|\w+ (?:weeks|months|years|sessions|courses|visits|trials|days|nights|doses|rounds|tubes|pairs) (?:of|on|with|in)|swapping to|switching to|adding|raising|increasing|doubling) )*", bare)) or (
        names_treatment(bare) and not re.search(r"\b(?:for|to|because|if|when|which|that|who|needs?|is|are|was|were|will|would|will be)\b", bare)
    )


def _object(between: str) -> bool:
    """Whether what stands between the verb and the name leaves the name its object."""
    if _PAPER.search(between) or _ELSE.search(between):
        return False
    if names_treatment(between):
        return not re.search(r"\b(?:for|because|if|will|would|should|that|which|who|instead|than|before|until|to)\b", between)
    return len(between.split()) <= 7 and not re.search(r"\b(?:for (?!\w+ (?:weeks|months|years|days))|because|if|will|would|should|that|which|who|instead|than|before|until|no|not|without|letter|request|diagnosis|denial|asked|fall|fell|pain|trouble|difficulty|fear)\b", between)
