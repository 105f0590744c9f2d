"""The page of a class in a browser: it fits, asks nobody, runs nothing of a student's, and everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import browser_page, chromium
from classes import HOSTILE, catalogue, gradebook, graded, hostile_class, scored

from autograder.render.class_page import render_class_page
from autograder.render.student_page import render_student_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.notebook, pytest.mark.skipif(chromium() is None, reason="no chromium here")]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile class as files: by name, without names, and one student's page; and a friendly one of twenty."""
    folder = tmp_path_factory.mktemp("pages")
    book, words = hostile_class(), catalogue()
    usual = gradebook(*(graded(f"Student {n}", scored(n % 9, n % 13, n % 15)) for n in range(20)))
    pages = {
        "hostile": render_class_page(book, words),
        "anonymous": render_class_page(book, words, anonymous=True),
        "usual": render_class_page(usual, words),
        "empty": render_class_page(gradebook(), words),
        "student": render_student_page(book.grades[0], book.title, "en"),
    }
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    with browser_page() as page:
        yield page


@pytest.fixture
def asked(window: Page) -> Iterator[list[str]]:
    """What the page asks for beside itself, what it says in the console, and each dialog that it opens."""
    found: list[str] = []

    def on_request(request: Any) -> None:
        if not request.is_navigation_request():
            found.append(request.url)

    def on_console(message: Any) -> None:
        found.append(message.text)

    def on_dialog(dialog: Any) -> None:
        found.append(dialog.message)
        dialog.dismiss()

    handlers = {"request": on_request, "console": on_console, "dialog": on_dialog}
    for event, handler in handlers.items():
        window.on(event, handler)  # type: ignore[call-overload]
    yield found
    for event, handler in handlers.items():
        window.remove_listener(event, handler)


@pytest.mark.parametrize("name", ["hostile", "anonymous", "usual", "empty", "student"])
def test_a_page_fits_every_window_and_asks_nobody(folder: Path, window: Page, asked: list[str], name: str) -> None:
    """From a telephone to a wall; no dialog, no request, and no complaint of the browser."""
    window.goto((folder / f"{name}.html").as_uri())
    for width in (400, 1400):
        window.set_viewport_size({"width": width, "height": 900})
        window.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

        assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["hostile", "anonymous", "usual", "empty", "student"])
def test_everybody_can_read_a_page(folder: Path, window: Page, name: str, scheme: Any) -> None:
    """axe-core finds nothing, with everything opened that can be."""
    from axe_playwright_python.sync_playwright import Axe

    window.emulate_media(color_scheme=scheme)
    window.set_viewport_size({"width": 1100, "height": 900})
    window.goto((folder / f"{name}.html").as_uri())
    window.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(window, options=RULES)

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


def test_a_dot_leads_to_its_student_and_a_row_to_its_dot(folder: Path, window: Page) -> None:
    """With the mouse or the keyboard."""
    window.goto((folder / "usual.html").as_uri())
    window.locator('.dots a[href="#s4"]').focus()
    window.keyboard.press("Enter")

    window.locator("tr#s4:target").wait_for()
    window.locator('.dots a.followed[href="#s4"]').wait_for()  # the page hears of the new place a little later
    window.locator("tr#s5 td").first.click()
    window.locator('.dots a.followed[href="#s5"]').wait_for()


def test_a_hostile_name_is_read_as_it_is(folder: Path, window: Page) -> None:
    """It stands there as text."""
    window.goto((folder / "hostile.html").as_uri())

    assert window.locator("#grid").get_by_text(HOSTILE[0], exact=True).count() == 1


def test_a_page_is_whole_without_scripts_and_on_paper(folder: Path, window: Page) -> None:
    """Printed in a dark window, it is black on white, with everything opened."""
    window.emulate_media(media="print", color_scheme="dark")
    window.goto((folder / "usual.html").as_uri())

    assert window.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert window.evaluate("getComputedStyle(document.body).color") == "rgb(31, 35, 40)"
    assert window.pdf(format="A4").startswith(b"%PDF")
    window.emulate_media(media="screen", color_scheme="light")
