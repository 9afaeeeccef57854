"""Preparation of pictures: turns, skew, sheets in photographs, light, borders, specks."""

import numpy as np
import pytest

from pipeline.read.clean import cleaned, positive, without_borders, without_marker
from pipeline.read.picture import (
    Pixels,
    gray_of,
    is_bilevel,
    labelled,
    patches_of,
    pixels,
    rotated,
    thumbnail,
    turned,
)
from pipeline.read.prepare import prepared
from pipeline.read.shape import flattened, sheet_corners
from pipeline.read.turn import head_up, levelled
from tests.read.paper import letter_pdf, photographed, picture_of, scanned

PAGE = picture_of(letter_pdf())


@pytest.mark.parametrize("skew", [-4.0, -1.3, -0.3, 0.0, 0.4, 2.0, 5.5])
def test_skew_is_found_to_a_tenth(skew: float) -> None:
    tilted = rotated(PAGE, skew)
    _, quarter, found = levelled(tilted, tilted, 200)
    assert quarter == 0
    assert found == pytest.approx(-skew, abs=0.11)


@pytest.mark.parametrize(("given", "undone"), [(0, 0), (90, 90), (180, 0), (270, 90)])
def test_quarter_turns_are_seen(given: int, undone: int) -> None:
    lying = turned(PAGE, given)
    assert levelled(lying, lying, 200)[1] == undone


@pytest.mark.parametrize("blank", [255, 200])
def test_an_empty_page_is_left_alone(blank: int) -> None:
    page = np.full((2200, 1700), blank, np.uint8)
    assert levelled(page, page, 200)[1:] == (0, 0.0)


def test_stems_tell_up_from_down() -> None:
    upright, upside_down = head_up(PAGE, 200), head_up(turned(PAGE, 180), 200)
    assert upright is not None and upright > 0.65
    assert upside_down is not None and upside_down < 0.35
    assert head_up(np.full((500, 500), 255, np.uint8), 200) is None


def test_a_photographed_sheet_is_laid_flat() -> None:
    photo = photographed(PAGE)
    corners = sheet_corners(photo)
    assert corners is not None
    rows, columns = photo.shape[:2]
    shares = corners / np.array([columns, rows], dtype=np.float32)
    expected = np.array([[0.11, 0.08], [0.91, 0.11], [0.95, 0.93], [0.07, 0.9]])
    assert np.abs(shares - expected).max() < 0.01
    page = prepared(photo, None)
    assert page.size[0] == pytest.approx(612, abs=2) and page.size[1] == pytest.approx(792, abs=12)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(PAGE, id="a clean page"),
        pytest.param(scanned(PAGE, skew=1.5), id="a gray skewed scan"),
        pytest.param(photographed(PAGE)[400:2000, 400:1500], id="a close-up without edges"),
        pytest.param(np.random.default_rng(1).integers(0, 255, (900, 700), dtype=np.uint8), id="noise"),
        pytest.param(np.vstack([PAGE[:1100], pixels(PAGE[1100:] * 0.75)]), id="a shadow over the lower half"),
    ],
)
def test_no_sheet_is_invented(picture: Pixels) -> None:
    assert flattened(picture, 2000) is None


def test_uneven_light_becomes_white_paper() -> None:
    shade = np.linspace(1.0, 0.5, PAGE.shape[1])[None, :]
    result = cleaned(pixels(PAGE * shade), bilevel=False)
    assert np.percentile(result, 20) > 235
    assert result[PAGE < 40].mean() < 90


def test_dark_borders_go_and_headings_stay() -> None:
    page = PAGE.copy()
    page[:, :60] = 40
    page[-50:] = 60
    page[300:380, 200:1500] = 30
    result = without_borders(page)
    assert result[1000, :50].min() > 200 and result[-40:, 800].min() > 200
    assert result[340, 300] == 30


def test_specks_of_a_fax_go_and_full_stops_stay() -> None:
    fax = pixels(np.where(PAGE > 127, 255, 0))
    assert is_bilevel(fax)
    spots = np.random.default_rng(3).integers(0, 1600, (80, 2))
    specked = fax.copy()
    specked[spots[:, 0], spots[:, 1]] = 0
    result = cleaned(specked, bilevel=True)
    assert np.count_nonzero(result != fax) <= 20


@pytest.mark.parametrize(
    ("colour", "goes"),
    [
        pytest.param((250, 240, 60), True, id="yellow marker"),
        pytest.param((120, 230, 90), True, id="green marker"),
        pytest.param((245, 140, 190), True, id="pink marker"),
        pytest.param((20, 40, 130), False, id="blue pen"),
        pytest.param((170, 30, 40), False, id="red stamp"),
        pytest.param((120, 120, 120), False, id="gray print"),
    ],
)
def test_marker_goes_and_ink_stays(colour: tuple[int, int, int], goes: bool) -> None:
    page = np.full((200, 200, 3), 250, np.uint8)
    page[50:100, 50:150] = colour
    page[70:80, 60:140] = 10
    result = without_marker(page)
    assert (result[60, 60] > 200) is np.bool_(goes)
    assert result[75, 100] < 40


@pytest.mark.parametrize(
    ("shape", "dpi", "expected"),
    [
        pytest.param((2200, 1700), (200.0, 200.0), (612, 792), id="true dpi"),
        pytest.param((1078, 1734), (204.0, 98.0), (612, 792), id="standard fax, unequal dpi"),
        pytest.param((3300, 2550), None, (612, 792), id="unknown dpi, letter by its shape"),
        pytest.param((6600, 5100), (600.0, 600.0), (612, 792), id="600 dpi is brought down"),
    ],
)
def test_pages_keep_their_size(
    shape: tuple[int, int], dpi: tuple[float, float] | None, expected: tuple[int, int]
) -> None:
    page = prepared(np.full(shape, 255, np.uint8), dpi)
    assert page.size == (pytest.approx(expected[0], abs=2), pytest.approx(expected[1], abs=2))
    assert page.dpi <= 306


def test_gray_of_colour() -> None:
    assert gray_of(np.zeros((4, 5, 3), np.uint8)).shape == (4, 5)


@pytest.mark.parametrize("share", [1 / 3, 0.5, 0.75, 0.31, 1.5])
def test_a_thumbnail_keeps_size_and_place(share: float) -> None:
    page = np.full((1001, 803), 255, np.uint8)
    page[600:700, 300:500] = 0
    small = thumbnail(page, share)
    assert small.shape == (round(1001 * share), round(803 * share))
    rows, columns = np.nonzero(small < 128)
    edges = (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1)
    assert edges == pytest.approx([v * share for v in (600, 700, 300, 500)], abs=1.5)


def test_patches_are_those_that_hang_together_from_the_top() -> None:
    mask = np.zeros((40, 60), np.uint8)
    mask[20:30, 5:25], mask[22:28, 8:20] = 255, 0
    mask[24, 12:15] = 255
    mask[3, 50], mask[4, 51] = 255, 255
    assert patches_of(mask).tolist() == [[50, 3, 2, 2], [5, 20, 20, 10], [12, 24, 3, 1]]
    assert patches_of(np.zeros((5, 5), np.uint8)).shape == (0, 4)
    assert labelled(mask)[1][1:, 4].tolist() == [2, 20 * 10 - 12 * 6, 3]


@pytest.mark.parametrize("soiled", [0.0, 4.0])
def test_a_negative_is_turned_round(soiled: float) -> None:
    """An inverted fax and a dark screen read as any page; they were laid on their side."""
    page = scanned(PAGE, noise=soiled) if soiled else PAGE
    ready = prepared(pixels(255 - page), (200, 200))
    assert ready.turned == 0
    assert float(np.median(ready.gray)) > 240


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(PAGE, id="a page"),
        pytest.param(photographed(PAGE), id="a sheet on a dark table"),
        pytest.param(np.pad(PAGE[::4, ::4], 900, constant_values=20), id="a small sheet, far away"),
        pytest.param(np.full((800, 600), 30, np.uint8), id="nothing but black"),
    ],
)
def test_what_is_no_negative_stays(image: Pixels) -> None:
    assert positive(image) is image
