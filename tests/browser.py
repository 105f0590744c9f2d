"""A real JupyterLab, and a real browser in front of it: what a student clicks, types and sees.

Nothing here waits for a time: it waits for the kernel, for a cell, for a file that was saved. The limits are generous,
because the machine may be busy.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What Chromium is called on the path; the extra brings a driver for it, and no browser."""

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
LIMIT = 90_000
"""Milliseconds that anything may take: a cold start of JupyterLab or of a kernel beside other work."""

READY = """async () => {
    await window.jupyterapp.restored;
    const { context, content } = window.jupyterapp.shell.currentWidget;
    await context.ready;
    await context.sessionContext.ready;
    await context.sessionContext.session.kernel.info;
    content.activate();
}"""
"""The window is as it will stay, the file is shown, and its kernel has answered."""

START = """
import sys
from jupyterlab.labapp import LabApp

server = LabApp.initialize_server(sys.argv[1:])
server.io_loop.add_callback(lambda: print(f"http://127.0.0.1:{server.port}", flush=True))
server.start()
"""
"""JupyterLab, which tells its address when it listens there, and not before."""

FINISHED = re.compile(r"^\[\d+\]:$")


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def lab(folder: Path, home: Path, theme: str = LIGHT) -> Iterator[str]:
    """The address of a JupyterLab that shows `folder`. All that it remembers is in `home`: what it trusts, too."""
    _write_settings(home / "settings", theme)
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",  # to know when it is ready
    ]
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    log = home / "log.txt"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-c", START, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **{name: str(home / place) for name, place in places.items()}},
        ) as server,
    ):
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        if not address:
            raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")
        try:
            yield address
        finally:
            server.terminate()


def _write_settings(folder: Path, theme: str) -> None:
    """Every cell in the page, seen or not; no questions and no news."""
    settings = {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/themes": {"theme": theme},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "docmanager-extension/plugin": {"autosave": False},
    }
    for name, values in settings.items():
        file = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")


@contextmanager
def browser_page(width: int = 1100, height: int = 900) -> Iterator[Page]:
    """A window of a browser that asks nobody but the server."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LIMIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"], timeout=LIMIT
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(LIMIT)
        try:
            yield page
        finally:
            browser.close()


@dataclass(frozen=True)
class OpenNotebook:
    """One notebook in a window. Cells are named by a text that was in their source when it was opened."""

    page: Page
    sources: tuple[str, ...]

    def cell(self, text: str) -> Locator:
        """The one code cell whose source held the text."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._number(text))

    def output(self, text: str) -> Locator:
        """What is shown below a cell."""
        return self.cell(text).locator(".jp-OutputArea-output")

    def run(self, text: str) -> Locator:
        """Run a cell, and wait for its end: what is shown below it."""
        from playwright.sync_api import expect

        prompt = self.cell(text).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self._enter(text)
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(FINISHED)
        return self.output(text)

    def run_all(self) -> None:
        """Restart the kernel and run all cells, as the menu does, and wait for the last one."""
        from playwright.sync_api import expect

        last = max(number for number, source in enumerate(self.sources) if source)
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        prompt = self.page.locator(".jp-Notebook .jp-Cell").nth(last).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(FINISHED)

    def type_over(self, text: str, line: str, typed: str) -> None:
        """Type in the place of the line of a cell that holds `line`, key by key; its indentation stays."""
        self.cell(text).locator(".cm-line", has_text=line).click()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.type(typed)

    def paste_over(self, text: str, pasted: str) -> None:
        """Put a whole text in the place of a cell's."""
        from playwright.sync_api import expect

        self._enter(text)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(pasted)
        expect(self._editor(text)).to_contain_text(pasted.splitlines()[0])

    def add_below(self, text: str, source: str) -> OpenNotebook:
        """Write a new cell below another, as a student does: B, Enter, and type. The notebook with that cell."""
        self._enter(text)
        for key in ("Escape", "b", "Enter"):
            self.page.keyboard.press(key)
        number = self._number(text) + 1
        changed = OpenNotebook(self.page, (*self.sources[:number], source, *self.sources[number:]))
        changed.paste_over(source, source)
        return changed

    def save(self) -> None:
        """Press Ctrl-S, and wait until the server has the file."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and "/contents/" in answer.url):
            self.page.keyboard.press("Control+s")

    def _number(self, text: str) -> int:
        (number,) = [number for number, source in enumerate(self.sources) if text in source]
        return number

    def _enter(self, text: str) -> None:
        """Put the cursor into a cell."""
        from playwright.sync_api import expect

        self._editor(text).click()
        expect(self._editor(text)).to_be_focused()

    def _editor(self, text: str) -> Locator:
        return self.cell(text).locator(".cm-content")


def open_notebook(page: Page, address: str, file: Path) -> OpenNotebook:
    """A notebook of the server's folder, with its kernel ready."""
    sources = tuple(cell.source if cell.cell_type == "code" else "" for cell in nbformat.read(file, as_version=4).cells)
    page.goto(f"{address}/doc/tree/{file.name}")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context")
    page.evaluate(READY)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    return OpenNotebook(page, sources)
