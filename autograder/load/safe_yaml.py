"""YAML that others wrote → plain lists, dictionaries, numbers and texts; what would grow without end is refused."""

from __future__ import annotations

from typing import Any

MOST_BYTES = 256 << 20
DEEPEST = 60
MOST_NODES = 20_000_000
"""Of the document with every alias written out: a few lines of aliases of aliases would have billions."""


class UnreadableYaml(Exception):
    """The document is no YAML, or none that anybody should open; says why."""


def read_yaml(source: bytes) -> Any:
    """The one document in it. Tags of another language's classes are passed over, and nothing is ever made of them.

    Raises UnreadableYaml.
    """
    import yaml

    if len(source) > MOST_BYTES:
        raise UnreadableYaml(f"it has {len(source) >> 20} MB, more than {MOST_BYTES >> 20}")
    parent: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
    loader: Any = type("PlainLoader", (parent,), {})
    loader.add_constructor(None, _without_tag)  # for every tag that it does not know
    try:
        _refuse_what_grows(yaml, source, parent)
        return yaml.load(source, Loader=loader)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError, TypeError) as error:
        raise UnreadableYaml(" ".join(str(error).split())[:200]) from error


def _without_tag(loader: Any, node: Any) -> Any:
    """The plain value of a node that another language calls one of its own, such as `!ruby/hash`."""
    kinds = {"mapping": loader.construct_mapping, "sequence": loader.construct_sequence}
    construct = kinds.get(node.id)
    return loader.construct_scalar(node) if construct is None else construct(node, deep=True)


def _refuse_what_grows(yaml: Any, source: bytes, parent: Any) -> None:
    """Counts nodes as if every alias were written out, event by event, before anything is made of them."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(source, Loader=parent):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise UnreadableYaml(f"it refers to &{event.anchor[:40]} from within or before it")
            total += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor is not None:
                sizes[anchor] = total - before
        elif isinstance(event, yaml.NodeEvent):
            total += 1
            if isinstance(event, yaml.CollectionStartEvent):
                sizes.pop(event.anchor, None)  # a name may be given anew
                open_nodes.append((event.anchor, total - 1))
            elif event.anchor is not None:
                sizes[event.anchor] = 1
        if len(open_nodes) > DEEPEST:
            raise UnreadableYaml(f"it is nested more than {DEEPEST} deep")
        if total > MOST_NODES:
            raise UnreadableYaml("its aliases would make it enormous")
