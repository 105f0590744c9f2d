"""Files of platforms, filled in: only what is ours changes, nobody is guessed, and whatever is odd is told."""

from __future__ import annotations

import csv
import io

import pytest
from gradebooks import ADA, ALAN, EMMY, GRACE, entry, gradebook, question, report

from autograder.errors import UsageError
from autograder.gradebook import Entry, Gradebook, Handin, Override, Student
from autograder.render.canvas import canvas_sheet, render_canvas_import
from autograder.render.feedback_line import feedback_line
from autograder.render.filling import Change, Filling, fill_scores
from autograder.render.filling_screen import render_filling
from autograder.render.moodle import moodle_sheet

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,hw0 (4700),Backpropagation by hand (4711),Final Score\r\n"
    ",,,,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,,10.00,100.00,(read only)\r\n"
    '"Lovelace, Ada",20000,s1000,ada.lovelace,ML-101-A,"says ""hi""",9.00,,90.0\r\n'
    '"Turing, Alan",20001,s1001,alan.turing,ML-101-A,,8.50,62.50,80.0\r\n'
    '"Hopper, Grace",20002,,grace.hopper@example.edu,ML-101-A,,,55.00,70.0\r\n'
    '"Noether, Emmy",20003,s1003,emmy.noether,ML-101-A,,,EX,\r\n'
    '"Student, Test",20009,,0a1b2c,ML-101-A,,,,\r\n'
)


def book(*entries: Entry, students: tuple[Student, ...] = (), layout: str = "plain") -> Gradebook:
    return gradebook(entries, students, layout=layout)


CLASS = book(entry(87, ADA), entry(62, ALAN), entry(47, GRACE), entry(70, EMMY))


def fill_canvas(
    text: str, grades: Gradebook, column: str | None = None, overwrite: bool = False, encoding: str = "utf-8"
) -> Filling:
    sheet = canvas_sheet(text.encode(encoding), "canvas.csv", grades, column)
    return fill_scores(sheet, grades.grades, feedback_line, overwrite)


def test_a_gradebook_of_canvas_keeps_every_other_byte() -> None:
    """Quotes, line ends, rows above the students, columns that are not ours; what stood there stays, and is told."""
    filled = fill_canvas(CANVAS, CLASS)

    assert filled.content.decode() == CANVAS.replace("9.00,,90.0", "9.00,87.00,90.0")
    assert filled.changed == (Change(4, "Ada Lovelace (s1000)", "", "87.00"),)
    assert filled.kept == (
        Change(5, "Alan Turing (s1001)", "62.50", "62.00"),
        Change(6, "Grace Hopper (s1002)", "55.00", "47.00"),
    )
    assert filled.locked == (Change(7, "Emmy Noether (s1003)", "EX", "70.00"),)
    assert (filled.others, filled.absent, filled.unclear, filled.remarks) == (1, (), (), ())


def test_another_score_is_replaced_when_the_instructor_says_so() -> None:
    """Not what the platform has as excused."""
    filled = fill_canvas(CANVAS, CLASS, overwrite=True)

    expected = CANVAS.replace("9.00,,90.0", "9.00,87.00,90.0").replace("62.50", "62.00").replace("55.00", "47.00")
    assert filled.content.decode() == expected
    assert filled.kept == ()


def test_a_file_that_was_filled_in_is_filled_in_again_without_a_change() -> None:
    """So a second import is harmless."""
    once = fill_canvas(CANVAS, CLASS, overwrite=True).content.decode()
    twice = fill_canvas(once, CLASS)

    assert twice.content.decode() == once
    assert (twice.changed, twice.kept, twice.same) == ((), (), 3)


GERMAN = (
    "\ufeffStudent;ID;SIS Login ID;Section;Backpropagation by hand (4711)\n"
    "    Punkte möglich;;;;100,00\n"
    "Lovelace, Ada;20000;s1000;A;\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_semicolons_decimal_commas_and_a_bom_are_kept(encoding: str) -> None:
    """Canvas writes them for whoever has set that; a spreadsheet may have saved the file in between."""
    grades = gradebook([entry(87, ADA)], overrides=[Override("s1000", 87.5, None, "curve")])

    filled = fill_canvas(GERMAN, grades, encoding=encoding)

    assert filled.content.decode(encoding) == GERMAN.replace("s1000;A;", "s1000;A;87,50")


def canvas(*lines: str, points: str = "100") -> str:
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Backpropagation by hand (4711)\n"
    return f"{head}    Points Possible,,,,,{points}\n" + "".join(f"{line}\n" for line in lines)


def test_a_number_of_canvas_counts_only_where_the_class_came_from_canvas() -> None:
    """Elsewhere, the same number is of somebody else."""
    number = Student("20000", "Ada Lovelace")
    lines = canvas('"Turing, Alan",20000,,,A,', '"Lovelace, Ada",20001,20000,,A,')

    theirs = fill_canvas(lines, book(entry(80, number), layout="Canvas"))
    ours = fill_canvas(lines, book(entry(80, number), layout="plain files"))

    assert [change.line for change in theirs.changed] == [3]
    assert [change.line for change in ours.changed] == [4]


def test_two_of_one_name_are_never_guessed() -> None:
    """Neither in the file nor in the class, and not by elimination; who is known by an id is not in doubt."""
    weis = [Student("x1", "Wei Chen"), Student("x2", "Wei Chen"), Student("x3", "Kurt Gödel")]
    lines = canvas('"Chen, Wei",1,x1,,A,', '"Chen, Wei",2,,,A,', '"Gödel, Kurt",3,,,A,', '"Gödel, Kurt",4,,,A,')

    filled = fill_canvas(lines, book(*(entry(80, one) for one in weis)))

    assert [change.line for change in filled.changed] == [3]
    assert filled.unclear == ("line 4: Chen, Wei", "line 5: Gödel, Kurt", "line 6: Gödel, Kurt")
    assert filled.absent == ("Kurt Gödel (x3)", "Wei Chen (x2)")


def test_a_name_that_stands_on_two_lines_is_nobodys_although_one_of_them_is_known() -> None:
    """What is left over is not certain: platforms have people whom our class has not."""
    xiao, wei = Student("x1", "Xiaowei Chen"), Student("x2", "Wei Chen")
    lines = canvas('"Chen, Wei",1,x1,,A,', '"Chen, Wei",2,,,A,')

    filled = fill_canvas(lines, book(entry(80, xiao), entry(90, wei)))

    assert [change.line for change in filled.changed] == [3]
    assert filled.unclear == ("line 4: Chen, Wei",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Macs"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    """Whatever ends them; a cell of two lines counts as two."""
    text = CANVAS.replace('"says ""hi"""', '"two\r\nlines"').replace("\r\n", end)

    filled = fill_canvas(text, CLASS)

    assert [change.line for change in (*filled.changed, *filled.kept)] == [4, 6, 7]


def test_one_student_on_two_lines_is_not_clear() -> None:
    """Two ids that both are hers: the platform has her twice."""
    lines = canvas('"Lovelace, Ada",1,s1000,,A,', '"Lovelace, A.",2,,ada.lovelace@example.edu,A,')

    filled = fill_canvas(lines, book(entry(80, ADA)))

    assert (filled.changed, len(filled.unclear), filled.absent) == ((), 2, ("Ada Lovelace (s1000)",))


def test_no_score_leaves_a_cell_as_it_is() -> None:
    """A fault of ours is no zero, and neither is nothing handed in."""
    lines = canvas('"Lovelace, Ada",1,s1000,,A,', '"Turing, Alan",2,s1001,,A,5')

    filled = fill_canvas(lines, book(entry(None, ADA), students=(ALAN,)))

    assert filled.content.decode() == lines
    assert filled.without_score == ("Ada Lovelace (s1000)", "Alan Turing (s1001)")


def test_other_points_than_ours_are_told() -> None:
    """A scale is nobody's to guess."""
    filled = fill_canvas(canvas('"Lovelace, Ada",1,s1000,,A,', points="50"), book(entry(80, ADA)))

    assert filled.remarks == (
        "Backpropagation by hand (4711) has 50 points possible in Canvas, and scores are of 100. Nothing is scaled.",
    )


NAMED = {"its number": "4700", "its name": "hw0", "all of it": "hw0 (4700)", "a part of it": "HW"}


@pytest.mark.parametrize("column", NAMED.values(), ids=NAMED)
def test_a_column_is_named_in_any_way_that_fits_one(column: str) -> None:
    """By number, by name, or by a part of it."""
    assert fill_canvas(CANVAS, CLASS, column).column == "hw0 (4700)"


def test_the_first_homework_is_not_the_tenth() -> None:
    """Nor is it a matter of order."""
    text = CANVAS.replace("hw0 (4700)", "hw10 (4700)").replace("Backpropagation by hand (4711)", "hw1 (4711)")

    assert fill_canvas(text, CLASS, "hw1").column == "hw1 (4711)"


NO_GRADEBOOK = {
    "another file": (
        "a,b\n1,2\n",
        None,
        "canvas.csv: no gradebook of Canvas\n  wanted  the columns Student and ID in the first line\n  got     a, b\n"
        "  In Canvas: Grades → Export → Export Entire Gradebook.",
    ),
    "empty": (
        "",
        None,
        "canvas.csv: no first line with the names of columns. Give the CSV just as the platform wrote it.",
    ),
    "a line that is cut off": (
        CANVAS + "x,1\r\n",
        None,
        "canvas.csv: line 9\n  wanted  9 cells, as in the first line\n  got     2\n"
        "  Give the CSV just as the platform wrote it.",
    ),
    "no column of ours": (
        CANVAS.replace("Backpropagation by hand (4711)", "hw1 (4711)"),
        None,
        "canvas.csv: no column is called like Backpropagation by hand\n  wanted  one of hw0 (4700), hw1 (4711)\n"
        '  Say which one with --column "…".',
    ),
    "a column that is not there": (
        CANVAS.replace("Backpropagation by hand (4711)", "hw1 (4711)"),
        "hw2",
        "canvas.csv: no column is called like hw2\n  wanted  one of hw0 (4700), hw1 (4711)",
    ),
    "a column that is read only": (
        CANVAS,
        "Final Score",
        "canvas.csv: no column is called like Final Score\n  wanted  one of hw0 (4700), Backpropagation by hand (4711)",
    ),
    "a column with a number that is read only": (
        CANVAS.replace("Notes", "Imported (4799)").replace("Possible,,,,,,", "Possible,,,,,(read only),"),
        "Imported",
        "canvas.csv: no column is called like Imported\n  wanted  one of hw0 (4700), Backpropagation by hand (4711)",
    ),
    "two columns": (
        CANVAS,
        "47",
        "canvas.csv: 2 columns are called like 47\n  wanted  one of hw0 (4700), Backpropagation by hand (4711)",
    ),
}


@pytest.mark.parametrize(("text", "column", "message"), NO_GRADEBOOK.values(), ids=NO_GRADEBOOK)
def test_what_is_no_gradebook_is_refused(text: str, column: str | None, message: str) -> None:
    """With the whole sentence: what was wanted, what was got, and where it is."""
    with pytest.raises(UsageError) as refused:
        fill_canvas(text, CLASS, column)
    assert str(refused.value) == message


def test_text_that_is_none_is_refused() -> None:
    """Half a character of UTF-16."""
    with pytest.raises(UsageError) as refused:
        canvas_sheet(b"\xff\xfea", "canvas.csv", CLASS)
    assert str(refused.value) == "canvas.csv: no text. Give the CSV just as the platform wrote it."


def test_a_file_that_canvas_imports_is_made_without_one_of_its_own() -> None:
    """Ids stand where Canvas looks for them, and a missing score is empty."""
    assert render_canvas_import(book(entry(87, ADA), students=(ALAN,)), "hw1 (4711)") == (
        "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (4711)\n"
        "    Points Possible,,,,,100\n"
        "Ada Lovelace,,s1000,ada.lovelace@example.edu,A,87\n"
        "Alan Turing,,s1001,alan.turing@example.edu,A,\n"
    )
    theirs = book(entry(87, Student("20000", "lovelaceada")), layout="Canvas")
    assert render_canvas_import(theirs).splitlines()[0].endswith(",Section,Backpropagation by hand")
    assert render_canvas_import(theirs).splitlines()[2] == "lovelaceada,20000,,,,87"


# ---- Moodle ------------------------------------------------------------------------------------------------

ENGLISH = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 657690,Ada Lovelace,s1000,ada.lovelace@example.edu,Submitted for grading - ,,100.00,Yes,'
    '"Monday, 23 November 2026, 9:00 AM",-,\r\n'
    "Participant 657691,Alan Turing,s1001,alan.turing@example.edu,Submitted for grading - ,50.00,100.00,Yes,"
    '"Monday, 23 November 2026, 9:00 AM","Tuesday, 24 November 2026, 8:00 PM",by hand\r\n'
    "Participant 657692,Grace Hopper,,,No submission,,100.00,Yes,-,-,\r\n"
)  # fmt: skip

DEUTSCH = (
    "\ufeffID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
    'Teilnehmer/in 11,Ada Lovelace,ada.lovelace@example.edu,Abgegeben,,"100,00",Ja,'
    '"Montag, 23. November 2026, 09:00",-,\n'
    'Teilnehmer/in 12,Alan Turing,alan.turing@example.edu,Keine Abgabe,,"100,00",Ja,-,-,\n'
)

BLIND = "Identifiant,Statut,Note,Note maximale,Dernière modification (note)\nParticipant 7,Remis,,20.00,-\n"


def fill_moodle(text: str, grades: Gradebook, column: str | None = None, overwrite: bool = False) -> Filling:
    sheet = moodle_sheet(text.encode(), "worksheet.csv", grades, column)
    return fill_scores(sheet, grades.grades, feedback_line, overwrite)


def test_a_worksheet_of_moodle_gets_scores_and_feedback() -> None:
    """Two cells a student; a score that somebody gave is kept, and so are the words that go with it."""
    filled = fill_moodle(ENGLISH, book(entry(87, ADA), entry(62, ALAN), students=(GRACE,)))

    assert filled.content.decode() == ENGLISH.replace("grading - ,,100.00", "grading - ,87.00,100.00").replace(
        'AM",-,\r\n', 'AM",-,87 / 100\r\n'
    )
    assert filled.column == "Grade"
    assert filled.kept == (Change(3, "Alan Turing (s1001)", "50.00", "62.00"),)
    assert (filled.feedback, filled.without_score) == (1, ("Grace Hopper (s1002)",))


def test_words_that_stand_there_already_are_kept_and_told() -> None:
    """They are a person's, even where the score is ours; and replaced only when the instructor says so."""
    text = ENGLISH.replace("50.00,100.00", ",100.00")
    kept = fill_moodle(text, book(entry(62, ALAN)))
    replaced = fill_moodle(text, book(entry(62, ALAN)), overwrite=True)

    assert kept.content.decode() == text.replace(" - ,,100.00", " - ,62.00,100.00", 2).replace("62.00", "", 1)
    assert (kept.feedback, kept.feedback_kept) == (0, 1)
    assert render_filling(kept, is_dry=False, width=80).splitlines()[2] == (
        "Words       1 cell of feedback with words already. --overwrite replaces them."
    )
    assert replaced.content.decode() == kept.content.decode().replace("by hand", "62 / 100")


def test_a_worksheet_in_another_language_keeps_its_words() -> None:
    """Its columns are known by what stands in them, and numbers are written as it writes them."""
    filled = fill_moodle(DEUTSCH, gradebook([entry(87, ADA)], overrides=[Override("s1000", 87.5, None, "Kurve")]))

    assert filled.content.decode() == DEUTSCH.replace('Abgegeben,,"100,00"', 'Abgegeben,"87,50","100,00"').replace(
        '09:00",-,\n', '09:00",-,87.5 / 100 · +0.5: Kurve\n'
    )


def test_a_blind_worksheet_is_filled_in_by_number() -> None:
    """There is nothing else; without a column for feedback, none is written."""
    filled = fill_moodle(BLIND, book(entry(15, Student("7")), layout="Moodle, folders"))

    assert filled.content.decode() == BLIND.replace("Remis,,", "Remis,15.00,")
    assert filled.remarks == ("The maximum is 20 in Moodle, and scores are of 100. Nothing is scaled.",)


def test_a_number_of_moodle_is_nobodys_elsewhere() -> None:
    """A student number may be the same by accident."""
    filled = fill_moodle(BLIND, book(entry(15, Student("7"))))

    assert (filled.changed, filled.absent, filled.others) == ((), ("7",), 1)


def test_a_number_of_moodle_goes_with_the_name_of_its_folder() -> None:
    """As Moodle writes folders, without what no file may be called; with blind marking, a word stands for a name."""
    text = DEUTSCH.replace("Alan Turing", "Seán O'Brien")
    people = (Student("11", "Teilnehmerin"), Student("12", "Seán OBrien"))

    filled = fill_moodle(text, book(*(entry(80, one) for one in people), layout="Moodle, folders"))

    assert [change.line for change in filled.changed] == [2, 3]


def test_the_number_of_a_group_is_not_that_of_a_person() -> None:
    """Moodle counts both, and calls the folder of a group by the group's."""
    filled = fill_moodle(ENGLISH, book(entry(80, Student("657690", "Group A")), layout="Moodle, folders"))

    assert (filled.changed, filled.absent) == ((), ("Group A (657690)",))


def test_a_grade_that_moodle_would_pass_over_is_told() -> None:
    """It ignores what is above its maximum, without a word."""
    filled = fill_moodle(ENGLISH, book(entry(102, ADA)))

    assert filled.remarks == ("Moodle passes over grades above its maximum: Ada Lovelace.",)


NO_WORKSHEET = {
    "another file": (
        "Full name,Grade\nAda,1\n",
        None,
        "worksheet.csv: no grading worksheet of Moodle\n"
        "  wanted  a first column that tells people apart, such as Participant 657690\n  got     Ada\n"
        "  In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet.",
    ),
    "nobody in it": (
        "Identifier,Grade\n",
        None,
        "worksheet.csv: no grading worksheet of Moodle\n"
        "  wanted  a first column that tells people apart, such as Participant 657690\n  got     no line at all\n"
        "  In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet.",
    ),
    "two words": (
        "Identifier,Grade\nParticipant 7,1\nGroup 8,1\n",
        None,
        "worksheet.csv: no grading worksheet of Moodle\n"
        "  wanted  a first column that tells people apart, such as Participant 657690\n"
        "  got     Participant 7, Group 8\n"
        "  In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet.",
    ),
    "one of them twice": (
        "Identifier,Grade\nParticipant 7,1\nParticipant 7,1\n",
        None,
        "worksheet.csv: no grading worksheet of Moodle\n"
        "  wanted  a first column that tells people apart, such as Participant 657690\n"
        "  got     Participant 7, Participant 7\n"
        "  In Moodle: the assignment → View all submissions → Grading action → Download grading worksheet.",
    ),
    "a scale": (
        "Identifier,Status,Grade,Scale\nParticipant 7,Submitted,,good bad\n",
        None,
        "worksheet.csv: it is not clear which column has the grades\n"
        "  wanted  one that is empty or has numbers, and right of it the maximum, the same on every line\n"
        '  got     Status, Grade, Scale\n  Say which one with --column "…".',
    ),
    "a column that is not there": (
        ENGLISH,
        "Grades",
        "worksheet.csv: no column is called like Grades\n  wanted  one of Full name, ID number, Email address, Status, "
        "Grade, Maximum grade, Grade can be changed, Last modified (submission), Last modified (grade), "
        'Feedback comments\n  did you mean "Grade"?',
    ),
}


@pytest.mark.parametrize(("text", "column", "message"), NO_WORKSHEET.values(), ids=NO_WORKSHEET)
def test_what_is_no_worksheet_is_refused(text: str, column: str | None, message: str) -> None:
    """With the whole sentence."""
    with pytest.raises(UsageError) as refused:
        fill_moodle(text, CLASS, column)
    assert str(refused.value) == message


def test_a_named_column_goes_before_what_would_be_found() -> None:
    """Also where no maximum stands beside it."""
    text = "Identifier,Status,Grade\nParticipant 7,Submitted,\n"
    filled = fill_moodle(text, book(entry(15, Student("7")), layout="Moodle, folders"), "Grade")

    assert filled.content.decode() == text.replace("Submitted,", "Submitted,15")


# ---- words -------------------------------------------------------------------------------------------------


def test_feedback_says_what_is_not_right_yet() -> None:
    """In the words of the card, escaped, on one line; nothing of questions that are not visible."""
    questions = [
        question("add", 8, 8),
        question("multiply", 7, 12, "grad_b has shape (5, 3),\nexpected (3,)."),
        question("sigmoid", 0, 10, "It raised ValueError: <script>."),
        question("matmul", 0, 14),
        question("secret", 0, 5, "Nobody knows.", visibility="hidden"),
    ]
    grades = gradebook([entry(62, ADA, questions=questions)], overrides=[Override("s1000", None, 2.5, "a bug report")])

    assert feedback_line(grades.grades[0]) == (
        "64.5 / 100 · multiply 7/12: grad_b has shape (5, 3), expected (3,). · "
        "sigmoid 0/10: It raised ValueError: &lt;script&gt;. · matmul 0/14 · +2.5: a bug report"
    )


def test_feedback_on_an_unreadable_file_says_why() -> None:
    """And a student without a hand-in is told of the score that was given."""
    (grade,) = book(Entry(Handin("a", (ADA,)), "", report("a", 0, outcome="unreadable"))).grades

    assert feedback_line(grade) == "0 / 100 · The file holds no cells."


def test_a_screen_tells_all_that_did_not_go_by_itself() -> None:
    """Names obey nothing on a terminal; a dry run tells each change."""
    evil = Student("x9", "\x1b[31mEve")
    text = CANVAS + '"Chen, Wei",20010,,,A,,,,\r\n' * 2
    weis = [Student("x1", "Wei Chen"), Student("x2", "Wei Chen")]
    grades = book(*CLASS.entries, entry(5, evil), *(entry(80, one) for one in weis), students=(Student("0a1b2c"),))
    filling = fill_canvas(text, grades)

    assert render_filling(filling, is_dry=True, width=80) == (
        "Column      Backpropagation by hand (4711)\n"
        "Would fill  1 score\n"
        "            line 4: Ada Lovelace (s1000), empty → 87.00\n"
        "Kept        2 cells with another score. --overwrite replaces them.\n"
        "            line 5: Alan Turing (s1001), 62.50, ours is 62.00\n"
        "            line 6: Grace Hopper (s1002), 55.00, ours is 47.00\n"
        "Locked      The platform has these as excused or not assigned.\n"
        "            line 7: Emmy Noether (s1003), EX, ours is 70.00\n"
        "No score    Nothing handed in, or a fault of the grader: left as it is.\n"
        "            0a1b2c\n"
        "Not clear   May be of several students, so they were left alone.\n"
        "            line 9: Chen, Wei\n"
        "            line 10: Chen, Wei\n"
        "Not found   A score of ours, and no line in this file.\n"
        "            �[31mEve (x9)\n"
        "            Wei Chen (x1)\n"
        "            Wei Chen (x2)"
    )
    assert render_filling(fill_canvas(CANVAS, book(entry(62, ALAN)), overwrite=True), is_dry=False, width=80) == (
        "Column      Backpropagation by hand (4711)\nFilled in   1 score\n"
        "Others      4 lines are of nobody in these grades."
    )


def test_a_long_list_is_cut_but_nobody_is_lost() -> None:
    """Twelve lines of what was kept; everybody who has no line; a dry run tells all."""
    people = [Student(f"x{number}", f"Ada {number}") for number in range(20)]
    lines = canvas(*(f"{one.name},{row},{one.id},,A,5" for row, one in enumerate(people[:14])))
    filling = fill_canvas(lines, book(*(entry(80, one) for one in people)))

    told, dry = (render_filling(filling, is_dry, width=80).splitlines() for is_dry in (False, True))
    assert "            … and 2 more, which --dry-run tells." in told
    assert len([line for line in told if "ours is" in line]) == 12
    assert len([line for line in dry if "ours is" in line]) == 14
    assert told[-7:] == ["Not found   A score of ours, and no line in this file.", *dry[-6:]]
    assert [line.strip() for line in dry[-6:]] == [f"Ada {number} (x{number})" for number in range(14, 20)]


def test_the_csv_module_reads_what_was_filled_in() -> None:
    """Rows, columns and cells of a whole file, where only some are new."""
    before = list(csv.reader(io.StringIO(ENGLISH, newline="")))
    filled = fill_moodle(ENGLISH, book(entry(87, ADA, questions=[question("add", 0, 8, 'say "a, b"')])))
    after = list(csv.reader(io.StringIO(filled.content.decode(), newline="")))

    changes = {(row, column) for row, cells in enumerate(before) for column, cell in enumerate(cells)
               if after[row][column] != cell}  # fmt: skip
    assert changes == {(1, 5), (1, 10)}
    assert after[1][10] == '87 / 100 · add 0/8: say "a, b"'
