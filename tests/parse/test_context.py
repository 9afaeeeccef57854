"""A condition named in a sentence is asserted of the patient, or the words that say otherwise are named."""

import pytest

from pipeline.parse.context import context_of

CASES = [
    ("She has chronic low back pain.", "low back pain", None),
    ("Exercises did not relieve her low back pain.", "low back pain", None),
    ("There was no improvement in his sciatica.", "sciatica", None),
    ("Without CPAP his sleep apnea will worsen.", "sleep apnea", None),
    ("He cannot tolerate opioids, and his neuropathy persists.", "neuropathy", None),
    ("There is no fracture, tumor or infection.", "infection", "negated"),
    ("He denies chest pain and seizures.", "seizures", "negated"),
    ("She does not have diabetes.", "diabetes", "negated"),
    ("Glaucoma was ruled out last year.", "Glaucoma", "ruled_out"),
    ("An MRI excluded a tumor.", "tumor", "ruled_out"),
    ("Her mother has epilepsy.", "epilepsy", "family"),
    ("Family history of heart disease.", "heart disease", "family"),
    ("This lowers the risk of stroke.", "stroke", "hypothetical"),
    ("To prevent osteoporosis she walks.", "osteoporosis", "hypothetical"),
    ("People with arthritis often swim.", "arthritis", "general"),
    ("He has a history of pneumonia.", "pneumonia", "past"),
    ("She has a long history of migraine.", "migraine", None),
]


@pytest.mark.parametrize(("sentence", "condition", "label"), CASES)
def test_label(sentence: str, condition: str, label: str | None) -> None:
    at = sentence.index(condition)
    found = context_of(sentence, at, at + len(condition))
    assert (found.label if found else None) == label
