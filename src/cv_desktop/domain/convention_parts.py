"""The two parts of a convention: what the parties sign under, and what is annexed to it."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.domain.letters import Block, Heading, plain
from cv_desktop.domain.text import fold

Blocks = tuple[Block, ...]


def parted(blocks: Sequence[Block]) -> tuple[Blocks, Blocks]:
    """The body, closed by the signatures, and the annexes: all that follows the first title « Annexe … »."""
    for place, block in enumerate(blocks):
        if isinstance(block, Heading) and fold(plain(block.line)).startswith("annexe"):
            return tuple(blocks[:place]), tuple(blocks[place:])
    return tuple(blocks), ()
