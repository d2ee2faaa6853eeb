"""Two ways to use a page: with a mouse, and with a keyboard alone. Whatever a test does with one, it must be able to do with the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playwright.sync_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FARTHEST = 150
"""Presses of the Tab key after which something counts as out of reach."""


class Hand(Protocol):
    """What people do on a page, by the words they see."""

    def press(self, name: str, *, role: str = "button") -> None: ...
    def write(self, label: str, text: str, *, within: str = "") -> None: ...
    def choose(self, label: str, option: str) -> None: ...
    def pick(self, group: str, option: str) -> None: ...
    def tick(self, option: str) -> None: ...
    def attach(self, label: str, file: Path) -> None: ...


class _Seeing:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")

    def _control(self, label: str, within: str = "") -> Locator:
        place = self.main.get_by_role("group", name=within) if within else self.main
        return place.get_by_label(label).first

    def _radio(self, group: str, option: str) -> Locator:
        return self.main.get_by_role("group", name=group).get_by_role("radio", name=option)


class Mouse(_Seeing):
    """Points and clicks."""

    def press(self, name: str, *, role: str = "button") -> None:
        """Click a button or a link."""
        self.main.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def write(self, label: str, text: str, *, within: str = "") -> None:
        """Fill in a field."""
        self._control(label, within).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self._control(label).select_option(label=option)

    def pick(self, group: str, option: str) -> None:
        """Pick one of several."""
        self.main.get_by_role("group", name=group).get_by_text(option, exact=True).click()

    def tick(self, option: str) -> None:
        """Tick a box."""
        self.main.get_by_text(option, exact=True).click()

    def attach(self, label: str, file: Path) -> None:
        """Attach a file."""
        self._control(label).set_input_files(file)


class Keyboard(_Seeing):
    """Never touches the mouse: Tab goes there, Enter and Space press, arrows choose."""

    def _reach(self, wanted: Locator) -> None:
        wanted.wait_for(state="attached")
        for _ in range(FARTHEST):
            if wanted.evaluate("element => element === document.activeElement"):
                assert self._is_seen(wanted), "the focus is on something that cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted}")

    def _is_seen(self, wanted: Locator) -> bool:
        """Whether the element, or the label drawn in its place, takes room on the page."""
        return bool(
            wanted.evaluate(
                "element => [element, ...(element.labels ?? [])].some(one => one.getClientRects().length > 0)"
            )
        )

    def press(self, name: str, *, role: str = "button") -> None:
        """Go to a button or a link and press Enter."""
        self._reach(self.main.get_by_role(role, name=name).first)  # type: ignore[arg-type]
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str, *, within: str = "") -> None:
        """Go to a field and type over what is in it."""
        self._reach(self._control(label, within))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """Go to a list and move down to the option."""
        select = self._control(label)
        self._reach(select)
        self.page.keyboard.press("Home")
        for _ in range(FARTHEST * 2):
            if select.evaluate("element => element.selectedOptions[0].label") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} offers no {option!r}")

    def pick(self, group: str, option: str) -> None:
        """Go to a group of radio buttons and move to the option."""
        wanted = self._radio(group, option)
        inside = self.main.get_by_role("group", name=group)
        for _ in range(FARTHEST):
            if inside.evaluate(
                "group => group.contains(document.activeElement) && document.activeElement.type === 'radio'"
            ):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"the keyboard does not reach {group}")
        for _ in range(20):
            if wanted.evaluate("element => element === document.activeElement"):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{group} offers no {option!r}")

    def tick(self, option: str) -> None:
        """Go to a box and press Space."""
        self._reach(self.main.get_by_role("checkbox", name=option, exact=True))
        self.page.keyboard.press("Space")

    def attach(self, label: str, file: Path) -> None:
        """Go to the field of a file and open the chooser from there."""
        for _attempt in range(3):
            self._reach(self._control(label))
            try:
                with self.page.expect_file_chooser(timeout=5000) as chooser:
                    self.page.keyboard.press("Space")
            except PlaywrightTimeout:
                continue  # Chromium opens no second chooser while it is still closing the first
            chooser.value.set_files(file)
            return
        raise AssertionError(f"the chooser of {label!r} does not open by keyboard")
