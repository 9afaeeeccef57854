"""The nouns of the house: what the rooms hand to each other.

Belongs here: frozen types that cross a room's door or the disk. Does not belong here: anything that reads, decides
or writes. Boxes are (x0, y0, x1, y1) in points (1/72 inch) from the top left of the page as it reads upright.
"""

from pipeline.model.case import (
    PROGRAMS,
    ApprovedLetter,
    Case,
    ClaimRow,
    Correction,
    Decision,
    Finding,
    HistoryRow,
    LetterSide,
    Match,
    MemberCandidate,
    MemberRow,
    OnFile,
    PageFace,
    PlanRow,
    RecordSide,
    Remark,
    ReviewItem,
)
from pipeline.model.letter import (
    ELEMENTS,
    FAMILY_OF,
    FIELD_FAMILIES,
    FIELD_NAMES,
    FLAGS,
    ITEM_CATEGORIES,
    PAGE_CLASSES,
    Candidate,
    Diagnosis,
    Element,
    Evidence,
    FieldValue,
    Flag,
    Item,
    Letter,
    NotDiagnosis,
    ParsedFile,
    Scalar,
    Segment,
)
from pipeline.model.text import (
    Box,
    DocumentText,
    InkMark,
    Layout,
    Page,
    Problem,
    Receipt,
    TickBox,
    Word,
    lay_out,
    union,
)

__all__ = [
    "ELEMENTS", "FAMILY_OF", "FIELD_FAMILIES", "FIELD_NAMES", "FLAGS", "ITEM_CATEGORIES", "PAGE_CLASSES", "PROGRAMS", "ApprovedLetter", "Box", "Candidate", "Case", "ClaimRow", "Correction",
    "Decision", "Diagnosis",
    "DocumentText", "Element", "Evidence", "FieldValue", "Finding", "Flag", "HistoryRow", "InkMark", "Item", "Layout", "Letter",
    "LetterSide", "Match", "MemberCandidate", "MemberRow", "NotDiagnosis", "OnFile", "Page", "PageFace", "ParsedFile", "PlanRow",
    "Problem", "Receipt", "RecordSide", "Remark", "ReviewItem", "Scalar", "Segment", "TickBox", "Word", "lay_out", "union",
]  # fmt: skip
