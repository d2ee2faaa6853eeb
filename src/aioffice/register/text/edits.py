"""What has to be taken out and put in to make one list of words into another, found in bounded time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

type Kind = Literal["same", "removed", "added"]


class Edit(NamedTuple):
    """A stretch: the words `start` to `end` of the earlier list (`same`, `removed`) or of the later one (`added`)."""

    kind: Kind
    start: int
    end: int


def edits(old: Sequence[str], new: Sequence[str], *, most: int) -> list[Edit] | None:
    """Return the fewest words to take out and put in, as stretches in order; None when they are more than `most`.

    Takes at most about `most` times the length of the lists, whatever stands in them (E. W. Myers, An O(ND) Difference Algorithm,
    1986): for each number of edits it is worked out how far one gets on every diagonal, until the end is reached.
    """
    reached: dict[int, int] = {1: 0}
    history: list[dict[int, int]] = []
    for count in range(min(most, len(old) + len(new)) + 1):
        history.append(reached.copy())
        for diagonal in range(-count, count + 1, 2):
            down = diagonal == -count or (diagonal != count and reached[diagonal - 1] < reached[diagonal + 1])
            x = reached[diagonal + 1] if down else reached[diagonal - 1] + 1
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reached[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _joined(list(_steps(history, len(old), len(new))))
    return None


def _steps(history: Sequence[dict[int, int]], x: int, y: int) -> Iterator[Edit]:
    """Walk back from the ends of both lists to their beginnings."""
    for count in range(len(history) - 1, -1, -1):
        reached, diagonal = history[count], x - y
        down = diagonal == -count or (diagonal != count and reached[diagonal - 1] < reached[diagonal + 1])
        from_x = reached[diagonal + 1] if down else reached[diagonal - 1]
        from_y = from_x - (diagonal + 1 if down else diagonal - 1)
        began = from_x if down else from_x + 1
        if count == 0:
            began = 0
        yield Edit("same", began, x)
        if count:
            yield Edit("added", from_y, from_y + 1) if down else Edit("removed", from_x, from_x + 1)
        x, y = from_x, from_y


def _joined(backwards: Sequence[Edit]) -> list[Edit]:
    """The stretches in order, neighbours of one kind joined; of what is replaced, the earlier words come first."""
    found: list[Edit] = []
    for kind, start, end in reversed(backwards):
        if start == end:
            continue
        if found and found[-1].kind == kind:
            found[-1] = Edit(kind, found[-1].start, end)
        elif kind == "removed" and len(found) > 0 and found[-1].kind == "added":
            place = len(found) - 1
            if place and found[place - 1].kind == "removed":
                found[place - 1] = Edit(kind, found[place - 1].start, end)
            else:
                found.insert(place, Edit(kind, start, end))
        else:
            found.append(Edit(kind, start, end))
    return found
