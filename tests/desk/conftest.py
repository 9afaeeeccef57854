"""One judged home for all of the desk's tests; each test that changes something gets a copy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.desk.office import Office
from tests.desk.bench import Browser, copy_of, judged_home, office_at, served


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged_home(tmp_path_factory.mktemp("desk") / "home")


@pytest.fixture
def office(judged: Path, tmp_path: Path) -> Iterator[Office]:
    made = office_at(copy_of(judged, tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def browse(office: Office) -> Iterator[Callable[[str], Browser]]:
    """Opens a browser for a person, logged in."""
    opened: list[Browser] = []

    def one(name: str) -> Browser:
        opened.append(Browser(address))
        opened[-1].log_in(name)
        return opened[-1]

    with served(office) as address:
        yield one
        for browser in opened:
            browser.close()
