"""splink on the tables of matching.py: run by its own interpreter, prints one row of the table.

Names are folded beforehand by nothing but lower case and order; comparisons are splink's own; probabilities are
learned by expectation maximisation, as its documentation has it. A link is taken at a probability of 0.95 or more and
a lead of ten to one over the next.
"""

import resource
import sys
import time

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def main() -> None:
    """Links letters to members and prints the row."""
    members = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
    letters = pd.read_csv(sys.argv[2], dtype=str, keep_default_na=False)
    truth = dict(zip(letters["unique_id"], letters["truth"], strict=True))
    left = _parts(letters["unique_id"], letters["patient.name"], letters["patient.dob"], letters["patient.member_id"])
    right = _parts(members["member_id"], members["name"], members["dob"], members["member_id"])
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[cl.ForenameSurnameComparison("given", "surname"), cl.DateOfBirthComparison("dob", input_is_string=True), cl.LevenshteinAtThresholds("number", 1)],
        blocking_rules_to_generate_predictions=[block_on("number"), block_on("dob"), block_on("surname", "given"), block_on("surname", "substr(dob, 1, 4)")],
    )
    begin = time.perf_counter()
    linker = _linker(left, right, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("number"), block_on("surname", "given", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given"))
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    took = time.perf_counter() - trained
    print(_row(pairs, truth, took, trained - begin))


def _linker(left: pd.DataFrame, right: pd.DataFrame, settings: SettingsCreator) -> Linker:
    api = DuckDBAPI()
    frames = [api.register(left, dataset_display_name="letters"), api.register(right, dataset_display_name="members")]
    return Linker(frames, settings, log_level="ERROR")


def _parts(ids: pd.Series, names: pd.Series, dobs: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    turned = names.str.replace(r"^([^,]+), (.+)$", r"\2 \1", regex=True).str.lower().str.replace(r"\b(?:jr)\b\.?|\b[a-z]\.", "", regex=True).str.strip()
    frame = pd.DataFrame({"unique_id": ids, "given": turned.str.split().str[0], "surname": turned.str.split().str[-1], "dob": dobs, "number": numbers})
    return frame.replace("", None)


def _row(pairs: pd.DataFrame, truth: dict[str, str], took: float, trained: float) -> str:
    told = dict.fromkeys(("right", "wrong", "ambiguous", "missed", "none"), 0)
    swap = pairs["unique_id_l"].isin(truth)
    pairs = pairs.assign(letter=pairs["unique_id_l"].where(swap, pairs["unique_id_r"]), member=pairs["unique_id_r"].where(swap, pairs["unique_id_l"]))
    best = {k: g.sort_values("match_weight", ascending=False) for k, g in pairs.groupby("letter")}
    for letter, member in truth.items():
        found = best.get(letter)
        taken = found is not None and found["match_probability"].iloc[0] >= 0.95
        close = taken and len(found) > 1 and found["match_weight"].iloc[0] - found["match_weight"].iloc[1] < 3.32
        verdict = "ambiguous" if close else ("right" if found["member"].iloc[0] == member else "wrong") if taken else "missed" if member else "none"
        told[verdict] += 1
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (f"| splink 5.0.0, EM | {told['right']} | {told['wrong']} | {told['ambiguous']} | - | {told['missed']} | {told['none']} | "
            f"{took:.2f} (-) | training {trained:.1f} (all {usage.ru_utime + usage.ru_stime:.0f}) |")


if __name__ == "__main__":
    main()
