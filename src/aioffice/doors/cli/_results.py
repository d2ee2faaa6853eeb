"""Results at the command line: signing one, and checking one, its signature and its answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aioffice.doors.cli._printing import Exit, note, print_json, printable, stop

if TYPE_CHECKING:
    from aioffice.act.results import Difference
    from aioffice.kernel.results.jws import Signed
    from aioffice.kernel.results.keys import CheckingKey, SigningKey

LARGEST = 16_000_000
"""Bytes of a result that is read; the largest made here has about a tenth."""
_SECONDS = 15.0


def key_in(path: Path) -> SigningKey:
    """The secret key of a file; a file without one ends the command."""
    from aioffice.kernel.results.keys import KeyMisread, SigningKey

    try:
        return SigningKey.parse(read_text(path))
    except KeyMisread as error:
        stop(Exit.INVALID, f"{path}: {error}", "A key of your own: aioffice result-key make our-key.json")


def signed(content: dict[str, Any], key: SigningKey, by: str) -> str:
    """The result signed with an organisation's own key."""
    from datetime import UTC, datetime

    from aioffice.kernel.results.jws import sign

    return sign(content, key, issuer=by, at=datetime.now(UTC))


def read_text(path: Path) -> str:
    """A file as text; what cannot be read ends the command."""
    try:
        if path.stat().st_size > LARGEST:
            stop(Exit.INVALID, f"{path}: is larger than {LARGEST // 1_000_000} MB; no result and no key is.")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        stop(Exit.INVALID, f"{path}: is no text in UTF-8 (byte {error.start}).")
    except OSError as error:
        stop(Exit.INVALID, f"{path}: cannot be read: {error.strerror}.")


def verify(path: Path, keys: str, *, as_json: bool) -> None:
    """Check a result: its signature, with which law and rules it was made, and whether the rules of today answer the same."""
    from aioffice.act.results import ResultError, again, differences

    content, how = _opened(path, keys)
    try:
        now = again(content)
        found = differences(content, now)
    except ResultError as error:
        stop(Exit.INVALID, f"{path}: {printable(str(error))}")
    if as_json:
        print_json(_data(content, now, how, found))
    else:
        print("\n".join(_said(content, now, how, found)))
    if how.get("checked") is False:
        stop(
            Exit.FAILED,
            f"{path}: {printable(how['problem'])} Name the keys of whoever signed it with --keys: a file, or the address where an "
            "office publishes them (https://.../.well-known/jwks.json).",
        )
    if found:
        raise SystemExit(int(Exit.CONFLICT))


def _opened(path: Path, keys: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a file of a result holds, and what is known of its signature."""
    from aioffice.kernel.results import jws

    text = read_text(path)
    if not jws.is_signed(text):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            stop(Exit.INVALID, f"{path}: is neither a signed result nor JSON.")
        return content, {"signed": False}
    try:
        said = jws.unchecked(text)
        known = _keys(keys)
        if known:
            return said.content, _how(jws.verify(text, known), checked=True)
    except jws.KeyNotKnown as error:
        return said.content, _how(said, checked=False) | {"problem": str(error)}
    except jws.NotSigned as error:
        stop(Exit.INVALID, f"{path}: {error}")
    return said.content, _how(said, checked=False) | {"problem": "The signature was not checked: there is no key here."}


def _how(said: Signed, *, checked: bool) -> dict[str, Any]:
    return {"signed": True, "checked": checked, "by": said.issuer, "at": said.at, "key": said.key_id}


def _keys(place: str) -> list[CheckingKey]:
    """The keys of `--keys`; without it those of this office, none where there is none."""
    from aioffice.kernel.results.keys import KeyMisread, parse_set
    from aioffice.kernel.results.signing import NoKey, checking_keys

    try:
        if not place:
            return checking_keys()
        web = urlsplit(place).scheme in ("http", "https")
        return parse_set(_fetched(place) if web else read_text(Path(place)))
    except NoKey:
        return []
    except KeyMisread as error:
        stop(Exit.INVALID, f"{place or 'The key of this office'}: {error}")


def _fetched(url: str) -> bytes:
    import urllib3

    from aioffice.kernel.results.keys import LARGEST_SET

    try:
        with urllib3.PoolManager(timeout=_SECONDS, retries=False) as pool:
            response = pool.request("GET", url, preload_content=False)
            content = response.read(LARGEST_SET + 1)
            response.close()
    except urllib3.exceptions.HTTPError as error:
        stop(Exit.FAILED, f"{url} cannot be read: {error}")
    if response.status != 200 or len(content) > LARGEST_SET:
        stop(Exit.FAILED, f"{url} answered {response.status}: no set of keys is there.")
    if urlsplit(url).scheme == "http":
        note(f"{url} is not encrypted: somebody on the way may have put keys of their own there.")
    return content


def _said(
    content: dict[str, Any], now: dict[str, Any], how: dict[str, Any], found: tuple[Difference, ...]
) -> list[str]:
    lines = [_signature_words(how)]
    law, rules = _part(content, "law"), _part(content, "rules")
    amended = " and ".join(str(one) for one in law.get("amended_by") or [])
    text = str(law.get("act", "a law it does not name")) + (f" as amended by {amended}" if amended else "")
    lines.append(f"Made with {text}, as of {law.get('as_of', 'a day it does not name')}.")
    lines.append(f"Rules {rules.get('digest', 'not named')} (aioffice {rules.get('version', '?')}).")
    same = rules.get("digest") == now["rules"]["digest"]
    lines.append(
        "The rules here are the same."
        if same
        else f"The rules here are others: {now['rules']['digest']} (aioffice {now['rules']['version']})."
    )
    lines.append(f"Asked about {content['on']}: {content['outcome']}.")
    if not found:
        lines.append("The rules of today give the same answer.")
    else:
        lines.append("The rules of today give another answer:")
        lines += [f"  {_difference(one)}" for one in found]
    return [printable(line) for line in lines]


def _part(content: dict[str, Any], name: str) -> dict[str, Any]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _signature_words(how: dict[str, Any]) -> str:
    if not how["signed"]:
        return "It is not signed."
    day = f" on {how['at']:%Y-%m-%d %H:%M} UTC" if how["at"] else ""
    holds = "The signature holds." if how["checked"] else "The signature is NOT checked."
    return f"Signed by {how['by'] or 'somebody who gives no name'}{day}, key {how['key']}. {holds}"


def _difference(one: Difference) -> str:
    what = f"{one.what} {one.provision}".strip()
    return f"{what}: {one.before or 'not there'} -> {one.now or 'no more'}"


def _data(
    content: dict[str, Any], now: dict[str, Any], how: dict[str, Any], found: tuple[Difference, ...]
) -> dict[str, Any]:
    return {
        "signature": how,
        "law": content.get("law"),
        "rules": content.get("rules"),
        "rules_here": now["rules"],
        "on": content["on"],
        "outcome": content["outcome"],
        "outcome_now": now["outcome"],
        "same_answer": not found,
        "differences": [
            {"what": one.what, "provision": one.provision, "before": one.before, "now": one.now} for one in found
        ],
    }
