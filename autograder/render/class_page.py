"""The page of a class: what an instructor wants to know, in the order in which one asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.gradebook import Gradebook
from autograder.render.chart import number
from autograder.render.class_figures import LEAST, ClassFigures, class_figures
from autograder.render.dot_plot import MOST_DOTS, bar_width, dot_plot
from autograder.render.feedback import Catalogue, load_page_words
from autograder.render.loss_curves import loss_curves
from autograder.render.mistake_list import mistake_list
from autograder.render.need_look import look_list, looks_of
from autograder.render.pages import render_page
from autograder.render.people import people_of
from autograder.render.question_map import question_map
from autograder.render.question_table import question_table
from autograder.render.score_grid import score_grid
from autograder.render.topics import Topic, topics_of


def render_class_page(
    gradebook: Gradebook, catalogue: Catalogue, anonymous: bool = False, students: str = "students"
) -> str:
    """One HTML file that needs nothing else, in the language of the catalogue.

    Each student's name leads to a file in `students`, a folder beside the page, by the names of `student_files`; to
    nowhere where that is "". On an anonymous page there is nothing that a student wrote or is called: no name, no
    file, no text of a note or of a reason.
    """
    words = load_page_words(catalogue.language)
    people = people_of(gradebook, words, "" if anonymous else students, anonymous)
    looks = [look for person, grade in zip(people, gradebook.grades) for look in looks_of(person, grade, words)]
    people = tuple(sorted(people, key=lambda one: one.number))
    figures = class_figures(people, gradebook.max_score)
    topics = topics_of(people, catalogue, words)
    is_bars = len(figures.scores) > MOST_DOTS
    return render_page(
        "class_page.html",
        language=catalogue.language,
        title=gradebook.title or gradebook.assignment,
        about=_about(gradebook, words),
        words=words,
        anonymous=anonymous,
        is_empty=not figures.scores,
        numbers=_numbers(figures, topics, gradebook.max_score, words),
        scores_said=words["scores_bars"].format(wide=bar_width(gradebook.max_score))
        if is_bars
        else words["scores_dots"],
        dots=dot_plot(people, figures, gradebook.max_score, words),
        least=LEAST,
        is_small=all(one.count < LEAST for one in figures.questions),
        question_map=question_map(figures.questions, words),
        question_table=question_table(figures.questions, words) if figures.questions else "",
        topics=mistake_list(topics, len(figures.scores), words),
        grid=score_grid(people, figures.questions, gradebook.max_score, words),
        curves=loss_curves(people, words),
        looks=look_list(looks, gradebook.remarks, anonymous, words),
    )


def _about(gradebook: Gradebook, words: Mapping[str, Any]) -> str:
    handed_in = sum(grade.entry is not None for grade in gradebook.grades)
    said = words["about_one" if len(gradebook.grades) == 1 else "about"]
    facts = {"students": len(gradebook.grades), "handed_in": handed_in}
    return str(said.format(**facts, version=gradebook.version))


def _numbers(
    figures: ClassFigures, topics: Sequence[Topic], max_score: int, words: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What stands large at the top, each with its words."""
    top = topics[0] if topics else None
    return [
        ("–" if figures.median is None else number(figures.median), words["median"].format(of=max_score)),
        (str(figures.full_marks), words["full_marks"]),
        (str(figures.not_begun), words["not_begun"]),
        (str(len(top.students)), words["top_topic"].format(title=top.title)) if top else ("0", words["no_topic"]),
    ]
