"""Reading YAML so that every mapping knows its file and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

_TEXT: Final = "tag:yaml.org,2002:str"


class Located(dict[str, Any]):
    """A mapping of a rulebook file that remembers where it stands."""

    file: str = ""
    line: int = 0


class _Loader(yaml.CSafeLoader):
    """YAML with unique string keys, dates left as text and no implicit yes/no; libyaml reads it eight times as fast."""

    name: str = ""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Take text as it stands: most of a rulebook is text, and looking for its constructor takes as long again."""
        return node.value if node.tag == _TEXT else super().construct_object(node, deep)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    loader.flatten_mapping(node)
    located = Located()
    located.file = loader.name
    located.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in located:
            message = f"{key!r} stands twice"
            raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
        located[key] = loader.construct_object(value_node, deep=True)
    return located


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


class SourceError(Exception):
    """A file that is no YAML mapping; `line` counts from 1."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


def read_yaml(text: str, name: str) -> Located:
    """Read one YAML document; raise SourceError when it is none or no mapping."""
    loader = _Loader(text)
    loader.name = name
    try:
        read = loader.get_single_data()
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
