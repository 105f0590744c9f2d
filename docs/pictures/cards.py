"""Draws the cards that students see, in light and dark: `python docs/pictures/cards.py` writes two PNG beside itself.

They are real reports on wrong answers of the gallery. Needs chromium on the path; without it, nothing is written.
"""

import linecache
import shutil
import subprocess
import tempfile
from pathlib import Path

from autograder.notebook import Notebook
from autograder.records import Report
from autograder.render.feedback import load_screen_words
from autograder.render.html_card import card_html
from autograder.render.html_strip import strip_html

HERE = Path(__file__).resolve().parent
SOLUTIONS = HERE.parent.parent / "solutions" / "backprop"
OPTIONS = "--headless --no-sandbox --disable-background-networking --hide-scrollbars --window-size=800,5950"
THEMES = {"light": "#ffffff;color:#1f2328", "dark": "#111111;color:#e0e0e0"}
SHOWN = (
    ("multiply", "wrong/multiply/no-unbroadcast.py"),
    ("matmul", "def matmul_backward(grad_out, a, b):\n    return grad_out @ b, a.T @ grad_out\n"),
    ("matmul", "wrong/matmul/sign.py"),
    ("sigmoid", "wrong/sigmoid/no-upstream.py"),
    ("softmax_cross_entropy", "wrong/softmax_cross_entropy/nan-large-logits.py"),
    ("softmax_cross_entropy", "wrong/softmax_cross_entropy/not-mean.py"),
    ("sigmoid", "def sigmoid_backward(grad_out, out):\n    return grad_out * out * (1 - Out)\n"),
    ("add", "def add_backward(grad_out, a, b):\n    raise NotImplementedError\n"),
    ("matmul", "solution.py"),
    ("sigmoid", "def sigmoid_backward(grad_out, out):\n    i = 0\n    while i < out.size:\n        out[i]\n"),
    ("graph", "def multiply_backward(grad_out, a, b):\n    return grad_out * b, a + 0 * grad_out\n"),
    ("xor", "wrong/sigmoid/tanh-derivative.py"),
    ("unbroadcast", "wrong/unbroadcast/partial--axis-zero.py"),
)


def report_of(name: str, source: str) -> Report:
    """The report on one question, for the solution with something wrong put over it."""
    namespace: dict[str, object] = {}
    for place, text in enumerate(((SOLUTIONS / "solution.py").read_text(), source)):
        file = f"<part {place}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), namespace)
    return Notebook("backprop", namespace=namespace).report([name] if name else None)


words, chromium = load_screen_words("en"), shutil.which("chromium")
sources = [(name, (SOLUTIONS / text).read_text() if text.endswith(".py") else text) for name, text in SHOWN]
cards = [card_html(report_of(name, source).questions[0], words) for name, source in sources]
cards.append(strip_html(report_of("", sources[0][1]), words))
for theme, colours in THEMES.items() if chromium else ():
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "cards.html"
        body = f'<meta charset="utf-8"><body style="margin:20px;background:{colours}">{"<br>".join(cards)}'
        page.write_text(body, encoding="utf-8")
        picture = f"--screenshot={HERE / f'cards-{theme}.png'}"
        subprocess.run([str(chromium), *OPTIONS.split(), picture, page.as_uri()], check=True, capture_output=True)
