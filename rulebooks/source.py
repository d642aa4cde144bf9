"""Reading YAML so that every mapping knows its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml


class Located(dict[str, Any]):
    """A mapping of a rulebook file that remembers where it stands."""

    file: str = ""
    line: int = 0


class _Loader(yaml.CSafeLoader):
    """YAML with dates left as text and no implicit yes/no; libyaml reads it eight times as fast."""


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


class SourceError(Exception):
    """A file that is no YAML mapping; `line` counts from 1."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class _Document:
    """Builds what a document holds as libyaml reads it: mappings with unique string keys, lists, texts and numbers.

    PyYAML builds a tree of nodes first, which takes as long again.
    """

    def __init__(self, loader: _Loader, name: str) -> None:
        self._loader = loader
        self._event: Callable[[], Any] = loader.get_event
        self._name = name
        self._anchored: dict[str, Any] = {}

    def read(self) -> object:
        """Return the one document; None when there is none."""
        self._loader.get_event()
        if isinstance(self._loader.get_event(), yaml.StreamEndEvent):
            return None
        whole = self._value(self._event())
        self._loader.get_event()
        after = self._event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._fault(after, "there is a second document")
        return whole

    def _fault(self, event: Any, reason: str) -> SourceError:  # noqa: ANN401  # PyYAML's events
        return SourceError(self._name, event.start_mark.line + 1, reason)

    def _value(self, event: Any) -> Any:  # noqa: ANN401  # PyYAML's events, and YAML holds any value
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._kept(event, self._scalar(event))
        if kind is yaml.MappingStartEvent:
            return self._mapping(event)
        if kind is yaml.SequenceStartEvent:
            return self._sequence(event)
        if event.anchor not in self._anchored:
            raise self._fault(event, f"no anchor {event.anchor!r} before it")
        return self._anchored[event.anchor]

    def _kept(self, event: Any, value: Any) -> Any:  # noqa: ANN401  # as above
        if event.anchor is not None:
            self._anchored[event.anchor] = value
        return value

    def _mapping(self, event: Any) -> Located:  # noqa: ANN401  # as above
        located: Located = self._kept(event, Located())
        located.file = self._name
        located.line = event.start_mark.line + 1
        while type(named := self._event()) is not yaml.MappingEndEvent:
            if type(named) is not yaml.ScalarEvent:
                raise self._fault(named, "a key is a text")
            key = str(self._scalar(named))
            if key in located:
                raise self._fault(named, f"{key!r} stands twice")
            located[key] = self._value(self._event())
        return located

    def _sequence(self, event: Any) -> list[Any]:  # noqa: ANN401  # as above
        listed: list[Any] = self._kept(event, [])
        while type(one := self._event()) is not yaml.SequenceEndEvent:
            listed.append(self._value(one))
        return listed

    def _scalar(self, event: Any) -> object:  # noqa: ANN401  # as above
        """Return a text as it stands, and what looks like a number, true, false or nothing as that."""
        text: str = event.value
        tag = event.tag
        if tag is None and event.implicit[0]:
            looks_like = self._loader.yaml_implicit_resolvers.get(text[:1], ())
            tag = next((one for one, pattern in looks_like if pattern.match(text)), None)
        if tag is None:
            return text
        return self._loader.construct_object(yaml.ScalarNode(tag, text, event.start_mark, event.end_mark), deep=True)


def read_yaml(text: str, name: str) -> Located:
    """Read one YAML document; raise SourceError when it is none or no mapping."""
    loader = _Loader(text)
    try:
        read = _Document(loader, name).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise SourceError(name, mark.line + 1 if mark else 1, error.problem or "not YAML") from error
    finally:
        loader.dispose()
    if not isinstance(read, Located):
        raise SourceError(name, 1, "the file is no mapping")
    return read


def read_file(path: Path, name: str) -> Located:
    """Read one YAML file under the name by which messages call it."""
    return read_yaml(path.read_text(encoding="utf-8"), name)
