"""What is wrong with a master and otter does not say: a question that is lost, points that differ, tests that test
nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from autograder.errors import did_you_mean
from autograder.records import Assignment
from autograder.release.master import Master, MasterQuestion, Numbered


def lint_master(master: Master, assignment: Assignment) -> None:
    """Nothing, when the master holds each question of the assignment once, and its test cells test something.

    Raises BuildError for the first cell that is wrong.
    """
    for question in master.questions:
        _lint_name(master, question, assignment)
        _lint_points(master, question, assignment)
        _lint_tests(master, question)
    names = [question.name for question in master.questions]
    for asked in assignment.questions:
        if asked.name not in names:
            raise master.refuse(
                0,
                wanted=f'a question "{asked.name}", as in assignment.toml',
                got=f"questions {', '.join(names) or 'none'}",
                hint=f"Add a raw cell before it:  # BEGIN QUESTION, name: {asked.name}, points: {asked.max_score}",
            )


def _lint_name(master: Master, question: MasterQuestion, assignment: Assignment) -> None:
    same = [one.number for one in master.questions if one.name == question.name]
    if len(same) > 1:
        cells = " and ".join(str(number) for number in same[:2])
        raise master.refuse(same[1], wanted="each question once", got=f'"{question.name}" in cells {cells}')
    known = [one.name for one in assignment.questions]
    if question.name not in known and not question.is_manual:
        hint = did_you_mean(question.name, known)
        raise master.refuse(
            question.number,
            wanted="a question of assignment.toml, or one with manual: true that a person grades",
            got=f'"{question.name}"',
            hint=f"{hint[0].upper()}{hint[1:]}" if hint else f"The questions are {', '.join(known)}.",
        )
    if question.name in known and question.is_manual:
        raise master.refuse(
            question.number,
            wanted="manual: true for questions that a person grades, and no others",
            got=f'"{question.name}", which assignment.toml has, too',
            hint="Take the line out, or give the question another name.",
        )


def _lint_points(master: Master, question: MasterQuestion, assignment: Assignment) -> None:
    worth = {one.name: one.max_score for one in assignment.questions}.get(question.name)
    has_points = isinstance(question.points, (int, float)) and not isinstance(question.points, bool)
    if not has_points or (worth is not None and question.points != worth):
        raise master.refuse(
            question.number,
            wanted="the points of a question that a person grades" if worth is None else f"points: {worth}",
            got="no points" if question.points is None else f"points: {question.points}",
            hint="" if worth is None else "Points are changed in assignment.toml, and then here.",
        )


# ---- test cells of the master's own -------------------------------------------------------------------------


def _lint_tests(master: Master, question: MasterQuestion) -> None:
    seen: dict[str, int] = {}
    for cell in question.tests:
        function = _test_function(master, cell)
        if function.name in seen:
            raise master.refuse(
                cell.number,
                wanted="test functions with names of their own",
                got=f"{function.name} again, after cell {seen[function.name]}",
                hint="Of two tests with one name, otter runs only the last one.",
            )
        seen[function.name] = cell.number
        if function.args.defaults or any(function.args.kw_defaults):
            raise master.refuse(
                cell.number,
                wanted="a test function without default arguments",
                got=f"def {function.name}({ast.unparse(function.args)})",
                hint="otter looks all arguments up among the student's names, and finds None for these.",
            )
        if not any(isinstance(node, (ast.Assert, ast.Raise, ast.Call)) for node in _nodes(function.body)):
            raise master.refuse(
                cell.number,
                wanted="a test that can fail",
                got=f"{function.name}, which neither asserts nor calls anything",
                hint="Whatever a student writes would pass it.",
            )


def _test_function(master: Master, cell: Numbered) -> ast.FunctionDef:
    try:
        statements = ast.parse(cell.text).body
    except SyntaxError as error:
        got = f"line {error.lineno}: {error.msg}"
        raise master.refuse(cell.number, wanted="a test cell that Python can read", got=got) from error
    functions = [one for one in statements if isinstance(one, ast.FunctionDef)]
    if not functions:
        raise master.refuse(
            cell.number,
            wanted="one test function in a test cell",
            got=f"{len(statements)} statements and no function" if statements else "nothing",
            hint="Write it as a function that asserts: tests in the form of printed outputs are not read.",
        )
    return functions[0]


def _nodes(body: Iterable[ast.stmt]) -> Iterable[ast.AST]:
    return (node for statement in body for node in ast.walk(statement))
