"""One judged home and one browser a person for all of the desk's tests; each test that changes something gets a copy of
the home, and a browser that remembers nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.desk.office import Office
from tests.desk.bench import Browser, copy_of, judged_home, office_at, served


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = judged_home(tmp_path_factory.mktemp("desk") / "home")
    office_at(home).close()
    return home


@pytest.fixture
def office(judged: Path, tmp_path: Path) -> Iterator[Office]:
    made = office_at(copy_of(judged, tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def browsers() -> Iterator[dict[str, Browser]]:
    """Browsers by person, started when first wanted."""
    opened: dict[str, Browser] = {}
    yield opened
    for browser in opened.values():
        browser.close()


@pytest.fixture
def browse(office: Office, browsers: dict[str, Browser]) -> Iterator[Callable[[str], Browser]]:
    """The browser of a person at the worklist, logged in; '' is nobody's."""
    used: list[Browser] = []

    def one(name: str) -> Browser:
        if name not in browsers:
            browsers[name] = Browser()
        used.append(browsers[name])
        browsers[name].begin(address, office, name)
        return browsers[name]

    with served(office) as address:
        yield one
        for browser in used:
            browser.rest()
