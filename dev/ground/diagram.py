"""Which room of the add-on imports which: drawn for the readme, from the code."""

import ast

from .places import CHECKOUT

#: From top to bottom: a room imports only what stands below it.
ROOMS = (
    *("wizards", "models", "checks", "redemption"),
    *("settlement", "wording", "engine"),
)
_BEGIN, _END = ".. rooms begin\n", ".. rooms end\n"


def imports() -> dict:
    """Return what each room imports of the others."""
    found = {room: set() for room in ROOMS}
    for room in ROOMS:
        for file in (CHECKOUT / room).rglob("*.py"):
            place = file.relative_to(CHECKOUT).parts
            for node in ast.walk(ast.parse(file.read_text())):
                if not isinstance(node, ast.ImportFrom) or not node.level:
                    continue
                target = [*place[: -node.level], *(node.module or "").split(".")][0]
                if target in ROOMS and target != room:
                    found[room].add(target)
    return found


def draw() -> str:
    """Return each room with the rooms that it imports, as text."""
    lines, found = [], imports()
    for room in ROOMS:
        below = "  ".join(other for other in ROOMS if other in found[room])
        lines.append(f"    {room:<11} -> {below or 'nothing'}")
    return "\n".join(lines)


def drawn_in(text: str) -> str:
    """Return a document with its drawing made anew."""
    before, rest = text.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n::\n\n{draw()}\n\n{_END}{after}"
