"""Measures of an expected benefit: a number with its unit or scale, or an act that anyone can observe.

Belongs here: what counts as a measure in a clause, once dates, prices, doses, codes and schedules are set aside. Does
not belong here: whether the clause looks ahead (justify).
"""

import re
from dataclasses import dataclass

from pipeline.parse.cues import lexicon

_NUMBER = r"(?:\d+(?:[.,]\d+)?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|twice|once)"
_ASIDE = re.compile(
    r"\$\s?[\d,.]+|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b(?:19|20)\d\d\b|\b[a-tv-z]\d{2}(?:\.\w{1,4})?\b|\b[a-l]\d{4}\b|\b9\d{4}\b"
    rf"|(?:\b(?:for|within|by|at|in|over|after|every|x|of|about|next|first|another|the|until)\s+)*\b(?:week|month|visit|session|day|year)\s+{_NUMBER}\b"
    rf"|(?:\b(?:for|within|by|at|in|over|after|every|next|the|first|x|another|at least|about|per|up to)\s+)*{_NUMBER}(?:\s?(?:to|-)\s?{_NUMBER})?[\s-]?(?:more\s)?(?:weeks?|wks?|months?|mos?|years?|yrs?|visits?|sessions?|treatments|quarters?)\b(?:\s+(?:course|of (?:therapy|treatment|use|visits)))?"
    rf"|\b{_NUMBER}\s?(?:x|times|visits?|sessions?|hours?|minutes?)\s?(?:/|per|a|each|every)\s?(?:week|wk|visit|session)\b|\b\d+ ?x ?/ ?\w+"
    rf"|\b{_NUMBER} (?:hour|visit|session|minutes?) (?:weekly|monthly|daily)\b"
    r"|\bstage \d\b|\bclass \d\b|\btype [12]\b|\bl\d(?:-?[ls]?\d)?\b|\b\d+[- ]year[- ]old\b|\b\d+ minutes per\b|\b\d+-minute\b"
)
_CHANGE = re.compile(
    rf"\b(?:goal|target|aim)s?\W{{1,3}}(?:is |of |level |score )?(?:about |around )?{_NUMBER}\b"
    rf"|\bfrom (?:a |an |about |the )?(?:\S+ ){{0,3}}?{_NUMBER}\S* (?:\S+ ){{0,5}}?(?:to|down to|up to)\b"
    rf"|(?:\b(?:under|below|above|over|beyond|at least|at most|less than|more than|fewer than|no more than|up to|within|exceed(?:ing)?|reach(?:ing)?|to|by|toward|at or (?:below|above)|or (?:less|fewer|more|better))|[<>≤≥=])\s*(?:about |only |a |an |the |around |roughly |approximately |at least |some |nearly )?{_NUMBER}(?:st|nd|rd|th)?\b"
    rf"|\b{_NUMBER}\s*/\s*10\b|\b{_NUMBER} (?:of|out of) {_NUMBER}\b|\b{_NUMBER}\s?(?:%|percent|per cent)|\b(?:in|by|cut) half\b|\bto zero\b"
    rf"|\b{_NUMBER} to {_NUMBER}\b|\b{_NUMBER}\S* ?(?:-+>|→|=>) ?{_NUMBER}|\bx ?\d+\b|\b{_NUMBER} \w+ (?:a|per) (?:day|night|week|month|year)\b|\b(?:once|twice) an? (?:week|month|year|day|night)\b|\b{_NUMBER} or (?:less|fewer|more|better|lower|higher|above|below|under|over|greater|longer)\b|\bto (?:once|twice)\b|\b(?:by )?(?:a|one) (?:third|quarter|half)\b"
)
_UNIT = re.compile(
    rf"\b{_NUMBER} (?:dry|good|consecutive|full|straight|uninterrupted|unbroken|clear|\w+-free|more|fewer) (?:nights?|days?|hours?|meals?|minutes?|steps|words|blocks|stairs)\b|\b{_NUMBER}[\s-]?(?:points?|degrees?|°|deg\b|mm\b|cm\b|kg\b|lbs?\b|pounds|steps|stairs|blocks?|feet|ft\b|met(?:er|re)s?|m\b|kilomet(?:er|re)s?|km\b|miles?|yards|minutes?|mins?\b|hours?|hrs?\b|mets\b|mg/dl|mmhg|words|falls|nights?|attacks|episodes|headache days|migraine days|(?:\w+ )?days (?:a|per|each)|grams?|pads|symbols|trials|times|mg\b|ml\b|l\b|block|mile|flight)|\b{_NUMBER}\s?°"
)


@dataclass(frozen=True)
class Measure:
    """The words of a measure; `number` tells a figure from an observable act, `scale` whether a scale is named,
    `change` whether the figure is a limit or a difference ('under 7', 'from 8 to 4')."""

    words: str
    number: bool
    scale: bool
    change: bool = False


def measure_in(text: str) -> Measure | None:
    """The first measure of lower-case `text`; None where all its numbers are dates, prices, doses or schedules."""
    bare = _ASIDE.sub(lambda m: "_" * len(m.group()), text)
    scale = lexicon("justify")["scale"].search(bare)
    change = _CHANGE.search(bare)
    figure = change or _UNIT.search(bare)
    if figure:
        return Measure(figure.group().strip(), True, scale is not None, change is not None)
    if scale:
        return Measure(scale.group(), bool(re.search(r"\d", bare)), True)
    act = lexicon("justify")["observable"].search(text)
    return Measure(act.group(), False, False) if act else None
