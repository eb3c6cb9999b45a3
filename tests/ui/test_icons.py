"""Every icon that the source names exists: a missing one would stop the screen that draws it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cv_desktop.ui import icons
from cv_desktop.ui.actions import SPECS

SOURCE = Path(icons.__file__).parents[1]
# Where each function of icons takes the name.
PLACES = {"icon": 0, "pixmap": 0, "svg": 0, "dress": 1}


def named(tree: ast.AST) -> Iterator[str]:
    """The names given to icons.icon, icons.pixmap and icons.dress, to ``icon=``, and in tables called …ICONS."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            call = node.func
            of_icons = isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.value.id == "icons"
            place = PLACES.get(call.attr, 9) if of_icons else 9
            yield from (x.value for x in node.args[place : place + 1] if isinstance(x, ast.Constant) and x.value)
            for keyword in node.keywords:
                if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                    yield keyword.value.value
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id.strip("_").endswith("ICONS"):
                yield from (x.value for x in node.value.values if isinstance(x, ast.Constant) and x.value)


def test_every_icon_of_the_source_exists() -> None:
    found = {
        (name, path.name)
        for path in SOURCE.rglob("*.py")
        for name in named(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(found) > 50
    missing = []
    for name, place in sorted(found):
        try:
            icons.svg(name)
        except KeyError:
            missing.append(f"{name} ({place})")
    assert missing == []


def test_every_action_of_the_menus_has_an_icon_that_exists() -> None:
    for spec in SPECS:
        assert not spec.icon or icons.svg(spec.icon), spec.key
