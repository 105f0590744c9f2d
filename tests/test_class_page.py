"""The page of a class and those of its students: figures, what stands there, and what never does."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations

import pytest
from classes import (
    CURVE,
    HOSTILE,
    catalogue,
    gradebook,
    graded,
    hostile_class,
    question,
    report,
    scored,
    training,
)

from autograder.gradebook import Adjustment, Gradebook, Student
from autograder.records import Note, Outcome, ReportOutcome
from autograder.render.class_figures import class_figures
from autograder.render.class_page import render_class_page
from autograder.render.feedback import LANGUAGES, load_page_words
from autograder.render.people import people_of, student_files
from autograder.render.question_map import place_names
from autograder.render.student_page import render_student_page, render_student_text
from autograder.render.topics import GROUPS, topics_of

WORDS = load_page_words("en")
VOID = {"meta", "img", "br", "wbr"}


class Page(HTMLParser):
    """A page as a browser reads it: every tag closed, `text` all that is read, `links` where one can go."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.parts: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")], given
        assert "src" not in given or str(given["src"]).startswith("data:image/svg+xml;base64,")
        self.tags.append(tag)
        self.links += [given["href"] or ""] if "href" in given else []
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes something else"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.parts.append(data)


def class_page(book: Gradebook, anonymous: bool = False, language: str = "en") -> Page:
    return Page(render_class_page(book, catalogue(language), anonymous))


def people(book: Gradebook, anonymous: bool = False):  # type: ignore[no-untyped-def]
    return people_of(book, WORDS, "", anonymous)


# ---- figures -----------------------------------------------------------------------------------------------

RISING = [scored(0, 0, 14)] * 5 + [scored(8, 12, 14)] * 5
FIGURES = [
    ("nobody", [], None, 0, 0, []),
    ("nothing-handed-in", [None, None], None, 0, 2, []),
    ("one", [scored(8, 12, 14)], 34.0, 1, 0, [1.0, 1.0, 1.0]),
    ("two", [scored(8, 12, 14), scored(0, 6, 14)], 27.0, 1, 0, [1.0, 0.75, 0.5]),
    ("ten", RISING, 24.0, 5, 0, [1.0, 0.5, 0.5]),
]


@pytest.mark.parametrize(
    ("reports", "median", "full", "not_begun", "means"), [rest for _, *rest in FIGURES], ids=[id for id, *_ in FIGURES]
)
def test_a_class_in_numbers(reports, median, full, not_begun, means) -> None:  # type: ignore[no-untyped-def]
    """Of whatever size."""
    book = gradebook(*(graded(f"s{place}", told) for place, told in enumerate(reports)))
    figures = class_figures(people(book), 34)

    assert (figures.median, figures.full_marks, figures.not_begun) == (median, full, not_begun)
    assert [one.mean for one in figures.questions] == means


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    """None where everybody has the same, and none at all for fewer than ten."""
    book = gradebook(*(graded(f"s{place}", told) for place, told in enumerate(RISING)))
    few = replace(book, grades=book.grades[:9])

    found = {one.name: one.discrimination for one in class_figures(people(book), 34).questions}
    assert found == {"add": pytest.approx(1.0), "multiply": pytest.approx(1.0), "matmul": None}
    assert {one.discrimination for one in class_figures(people(few), 34).questions} == {None}


def test_a_function_that_is_left_empty_counts_once_for_a_student() -> None:
    """And so does a hand-in that is not there; a file that could not be read is another thing."""
    empty = question("add", 0, "stub", outcome=Outcome.NOT_STARTED)
    unreadable = report(outcome=ReportOutcome.UNREADABLE, score=0)
    book = gradebook(graded("a", report(empty, empty)), graded("b", None), graded("c", unreadable))

    assert class_figures(people(book), 34).not_begun == 2


def test_topics_gather_mistakes_by_what_stands_behind_them() -> None:
    """A student counts once in each; a fault without a name has a group of its own."""
    twice = report(
        question("add", 2, "shape", "no-unbroadcast"),
        question("multiply", 2, "shape", "no-unbroadcast"),
        training(CURVE),
    )
    book = gradebook(
        graded("a", twice),
        graded("b", report(question("add", 2, "shape", "no-unbroadcast"))),
        graded("c", report(question("matmul", 2, "raised"))),
        graded("d", report(question("matmul", 2, "raised"))),
        graded("e", report(question("matmul", 0, "raised"))),
        graded("f", scored(8, 12, 14)),
    )
    topics = topics_of(people(book), catalogue(), WORDS)

    assert [(topic.title, len(topic.students), topic.questions) for topic in topics] == [
        ("errors from Python", 3, ("matmul",)),
        (topics[1].title, 2, ("add", "multiply")),
    ]
    assert topics[1].mistakes == (("What broadcasting repeated was not added up in grad_a or grad_b.", 2),)
    assert topics[0].mistakes == ()


def test_training_is_a_topic_only_where_every_function_is_right() -> None:
    """Else it follows from what is told already."""
    book = gradebook(graded("a", report(question("add", 8), training(CURVE))))

    assert [topic.title for topic in topics_of(people(book), catalogue(), WORDS)] == [
        "training that leaves the right way"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_of_faults_has_its_words(language: str) -> None:
    """And no words are for a group that is not there."""
    assert set(load_page_words(language)["faults"]) == set(GROUPS.values())


def test_names_in_the_map_lie_on_nothing() -> None:
    """Neither on each other nor on a dot, though five questions are close to each other."""
    names = ["multiply", "softmax_cross_entropy", "sgd_step", "matmul", "add"]
    points = [(400.0, 200.0), (404.0, 204.0), (420.0, 196.0), (396.0, 222.0), (430.0, 215.0)]
    places = place_names(names, points, [])
    boxes = []
    for name, (x, y, anchor) in zip(names, places):
        wide = 7.2 * len(name)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        boxes.append((left, y - 11, left + wide, y + 3))

    assert not [1 for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2) if a < g and e < c and b < h and f < d]
    assert not [1 for a, b, c, d in boxes for x, y in points if a < x < c and b < y < d]


# ---- the page ----------------------------------------------------------------------------------------------


def test_the_page_tells_all_that_changes_a_grade() -> None:
    """Nothing of that is silent: in the table of points, and with its reason."""
    late = Adjustment("late", -3.4, "1 day late, 10 % a day")
    page = class_page(gradebook(graded("Ada", scored(8, 12, 14), late), graded("Bo", scored(8, 12, 14))))

    assert "30.6 −3.4" in page.text
    assert "Ada: −3.4 · 1 day late, 10 % a day" in page.text
    assert "1 with full marks" in page.text


def test_the_page_tells_what_needs_a_look() -> None:
    """Each kind under its heading, with those whom it is about."""
    stopped = question("add", 0, "time", outcome=Outcome.STOPPED)
    broken = replace(report(), outcome=ReportOutcome.ERROR, score=None)
    book = gradebook(
        graded("Ada", report(stopped, flags=("finite-differences",))),
        graded("Bo", broken),
        graded("Cy", None),
        graded("Di", report(outcome=ReportOutcome.UNREADABLE, score=0, notes=(Note("x", {}, "No notebook."),))),
        graded("Ed", scored(8, 12, 14), notes=[Note("zip-several", {}, "This zip holds several files.")] * 2),
        remarks=("old.py was passed over.",),
    )
    look = class_page(book).text.partition("Need a look")[2]

    for said in (
        "The grader failed: grade these again 1Bo",
        "Could not be read 1Di: No notebook.",
        "Stopped: time, memory, or the end of the process 1Ada: add",
        "Written in a way that a person should see 1Ada: gradients by differences instead of a formula",
        "Notes on the file 1Ed: This zip holds several files.",
        "Nothing handed in 1Cy",
        "About the downloadold.py was passed over.",
    ):
        assert said in look


@pytest.mark.parametrize("count", [0, 1, 8, 300, 301], ids=str)
def test_a_page_of_any_size_is_whole_and_small(count: int) -> None:
    """One dot a student, and bars for more than 300; under 200 KB."""
    reports = [scored(place % 9, place % 13, place % 15) for place in range(count)]
    book = gradebook(*(graded(f"Student Name {place}", told) for place, told in enumerate(reports)))
    html = render_class_page(book, catalogue())
    page = Page(html)

    assert len(html.encode()) < 200_000
    assert page.tags.count("circle") >= count if count <= 300 else page.tags.count("rect") > 10
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert ("Nobody" in page.text or "nobody" in page.text) == (count == 0)
    assert ("How well a question separates is not told" in page.text) == (1 <= count < 10)


def test_runs_that_did_not_come_down_are_drawn() -> None:
    """One picture a question, with the same in words."""
    html = render_class_page(gradebook(graded("a", report(training(CURVE)))), catalogue())

    assert "xor: the loss of 1 students leaves the right way; it should go from 2 to 1." in html
    assert html.count('class="yours"') == 1


def test_the_page_asks_nobody_and_runs_our_script_only() -> None:
    """No address in it, and a policy that holds the browser to that."""
    html = render_class_page(hostile_class(), catalogue())

    assert not re.search(r"https?://(?!www\.w3\.org/)|url\(|@import|//cdn", html)
    assert re.search(
        r"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-[\w+/]{43}='", html
    )


@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
def test_hostile_words_do_nothing(anonymous: bool) -> None:
    """All tags are ours, no attribute is a handler, and nothing turns the direction of the page."""
    html = render_class_page(hostile_class(), catalogue(), anonymous)
    page = Page(html)

    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", html)
    assert (HOSTILE[0] in page.text) == (not anonymous)
    assert (HOSTILE[8] in page.text) == (not anonymous)
    assert all(re.fullmatch(r"#\w+|students/[\w%.-]+\.html", link) for link in page.links)


def test_a_class_that_is_all_the_same_is_not_called_small() -> None:
    """There is no map of it, and the reason is not its size."""
    text = class_page(gradebook(*(graded(f"s{place}", scored(8, 12, 14)) for place in range(12)))).text

    assert "12 with full marks" in text
    assert "is not told for fewer" not in text


def test_a_long_name_is_cut_in_tables() -> None:
    """Its page has all of it."""
    grade = graded("x" * 200, scored(8, 12, 14))

    assert f"{'x' * 59}…" in class_page(gradebook(grade)).text
    assert "x" * 60 not in class_page(gradebook(grade)).text
    assert "x" * 200 in render_student_page(grade, "t", "en")


def test_an_anonymous_page_names_nobody() -> None:
    """Not in one byte: no name, id, address, file, reason or note, and no order that tells who is who."""
    names = ["Ada Lovelace", "Bo Derek", "Çelik Ön", "Di Ana", "Ed Zed"]
    secret = Note("x", {}, "In /home/secret.ipynb")
    book = gradebook(
        *(graded(name, scored(8, 12, place), Adjustment("points", 1.0, f"for {name}"), notes=[secret])
          for place, name in enumerate(names)),
        graded("Missing Person", None), remarks=("secret.ipynb was passed over",),
    )  # fmt: skip
    html = render_class_page(book, catalogue(), anonymous=True)

    for word in [
        *" ".join([*names, "Missing Person"]).split(),
        "id-Ada",
        "hw-",
        "@example",
        "secret",
        "file of",
        "students/",
    ]:
        assert word not in html
    numbers = [person.number for person in people(book, anonymous=True)]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert numbers != sorted(numbers)
    assert html == render_class_page(book, catalogue(), anonymous=True)


def test_who_knows_seed_and_names_cannot_draw_the_numbers_again() -> None:
    """One other byte in one hand-in, and they are others."""
    book = gradebook(*(graded(f"Student {place}", scored(8, 12, 3)) for place in range(20)))
    first, *others = book.entries
    changed = replace(book, entries=(replace(first, digest="1" * 64), *others))

    assert [one.number for one in people(book, True)] != [one.number for one in people(changed, True)]


def test_the_page_speaks_the_language_of_the_assignment() -> None:
    """All of it."""
    html = render_class_page(gradebook(graded("a", scored(8, 12, 3))), catalogue("de"))

    assert '<html lang="de">' in html
    assert "Worüber in der nächsten Stunde zu reden ist" in html
    assert "What to talk about" not in html


FILES = [
    (["Ada Lovelace", "Ada Lovelace", "ada lovelace"], ["Ada-Lovelace", "Ada-Lovelace-2", "ada-lovelace-3"]),
    (["../../etc/passwd", "a/b\\c", ".."], ["etc-passwd", "a-b-c", "student"]),
    (["Çelik Ön", "李雷"], ["Çelik-Ön", "李雷"]),
    (["NUL", "con", "x" * 300], ["NUL-1", "con-1", "x" * 80]),
    (["<script>", "\x1b[31m", "🦆"], ["script", "31m", "student"]),
]


@pytest.mark.parametrize(("names", "files"), FILES, ids=["same", "paths", "letters", "devices", "hostile"])
def test_pages_of_students_have_safe_names(names: list[str], files: list[str]) -> None:
    """Unique, too, in a file system that knows no capitals."""
    assert student_files([graded(name, None) for name in names]) == tuple(files)


# ---- the page of a student ---------------------------------------------------------------------------------

LATE = Adjustment("late", -3.4, "1 day late, 10 % a day")


def test_a_student_reads_the_grade_and_why() -> None:
    """Points, what changed them, the notes, and the cards."""
    grade = graded("Ada", scored(8, 12, 4), LATE, notes=[Note("x", {}, "Two files were there.")])
    page = Page(render_student_page(grade, "Homework 1", "en"))

    assert page.text.startswith(" Ada · Homework 1")
    for said in ("20.6 of 34 points", "24 from the questions", "1 day late, 10 % a day−3.4", "Two files were there.",
                 "4 / 14 points", "Handed in: file of Ada.ipynb"):  # fmt: skip
        assert said in page.text


def test_the_same_as_text() -> None:
    """For a mail, or for what is written into a learning platform."""
    text = render_student_text(graded("Ada", scored(8, 12, 14), LATE), "Homework 1", "en")

    assert text == (
        "Ada · Homework 1 · Handed in: file of Ada.ipynb\n"
        "30.6 of 34 points   34 from the questions\n"
        "    −3.4  1 day late, 10 % a day\n"
        "\n✓ add   Passed   8 / 8\n\n✓ multiply   Passed   12 / 12\n\n✓ matmul   Passed   14 / 14\n"
    )


VISIBILITIES = [("visible", True), ("after_due_date", True), ("after_published", True), ("hidden", False)]


@pytest.mark.parametrize(("visibility", "is_shown"), VISIBILITIES, ids=[id for id, _ in VISIBILITIES])
def test_hidden_questions_stay_hidden(visibility: str, is_shown: bool) -> None:
    """Their points are in the sum, which is said; what they ask is for nobody."""
    grade = graded("Ada", report(question("add", 3, "shape", message="Secret.", visibility=visibility)))
    pages = [render_student_page(grade, "t", "en"), render_student_text(grade, "t", "en")]

    assert [("Secret." in page) for page in pages] == [is_shown] * 2
    assert [("What add earned is in the sum; its card is not shown." in page) for page in pages] == [not is_shown] * 2


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_do_nothing_on_the_page_of_a_student(text: str) -> None:
    """A student may be looked at by the instructor, and the page of one of a group by the others."""
    grade = graded(
        text,
        report(question("add", 3, "raised", message=text), notes=(Note("x", {}, text),)),
        replace(LATE, reason=text),
    )
    page = Page(render_student_page(grade, "t", "en"))
    plain = render_student_text(grade, "t", "en")

    assert page.tags.count("script") == 1
    assert not {"img", "b><svg"} & set(page.tags)
    assert all(letter.isprintable() or letter == "\n" for letter in plain)


def test_nothing_handed_in_is_said() -> None:
    """And no score is made up."""
    text = render_student_text(graded("Ada", None), "t", "en")

    assert text == "Ada · t\nnot graded\n\nNothing was handed in.\n"


def test_a_group_is_named() -> None:
    """Each of them reads who handed in with them."""
    grade = graded("Ada", scored(8, 12, 14))
    assert grade.entry is not None
    handin = replace(grade.entry.handin, students=(grade.student, Student("2", "Bo")))
    grade = replace(grade, entry=replace(grade.entry, handin=handin))

    assert "Handed in by 2 together: Ada, Bo" in render_student_text(grade, "t", "en")
