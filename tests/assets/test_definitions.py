"""Dagster's view of the project: it loads without a warning, and the graph is the road."""

import subprocess
import sys

import dagster as dg
import pytest

from assets.definitions import defs
from tests.homes import ROOT, environment

GRAPH = {
    "claims_snapshot": set(),
    "received_files": {"claims_snapshot"},
    "page_text": {"received_files"},
    "letters": {"page_text"},
    "claim_matches": {"letters"},
    "letters_on_file": {"claims_snapshot"},
    "findings": {"claim_matches", "letters_on_file"},
    "review_items": {"findings"},
    "review_queues": {"review_items", "letters_on_file"},
}
WHOLE = {"claims_snapshot", "letters_on_file", "review_queues"}


def test_the_definitions_load_without_a_warning() -> None:
    code = "import dagster as dg; from assets.definitions import defs; dg.Definitions.validate_loadable(defs)"
    done = subprocess.run([sys.executable, "-W", "error::Warning:assets", "-W", "default", "-c", code],
                          cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", GRAPH)
def test_the_graph_is_the_road(name: str) -> None:
    graph = defs.resolve_asset_graph()
    node = graph.get(dg.AssetKey(name))
    assert {key.to_user_string() for key in node.parent_keys} == GRAPH[name]
    assert node.is_partitioned is (name not in WHOLE)


def test_nothing_else_is_defined() -> None:
    assert {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()} == set(GRAPH)


def test_the_promises_block_and_the_hints_do_not() -> None:
    specs = {spec.name: spec.blocking for definition in defs.asset_checks or () for spec in definition.check_specs}
    assert specs == {"every_file_accounted_for": True, "every_letter_in_one_queue": True, "pages_readable": False, "match_rate": False}
