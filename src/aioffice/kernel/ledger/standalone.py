"""Check an AI Office's public ledger, or one proof or receipt, with nothing but this file, Python 3.11 or newer and one package.

    python -m pip install cryptography
    python verifier.py https://office.example/ledger --key 'office.example/ledger+1a2b3c4d+AVS9...'
    python verifier.py ./a-copy --key ... --since last-checkpoint --save last-checkpoint --witness ...
    python verifier.py proof.json --key ...

It reads everything and believes nothing but the keys given. Of a log:

    checkpoint          what the Office signs: name of the log, number of entries, root of their tree (C2SP tlog-checkpoint)
    tile/entries/...    the entries, 256 in a bundle; tile/<level>/... the tree over them (C2SP tlog-tiles, RFC 6962)
    publications        as of the checkpoint (?size=), one JSON object a line:
                        {"subject": {...}, "index": n, "document": {...}, "salts": {pointer: hexadecimal}}

and checks that the checkpoint is signed, that every tile and the root follow from the entries, that each published document is what the
newest entry on its subject says, value by value, that no subject of the log is missing, and that nothing filed has gone from a version
but by a redaction, which says so. A value's digest is SHA-256 over its salt
(16 bytes), its JSON pointer, a zero byte and its canonical JSON (RFC 8785). With --since, the log must have grown from an earlier
checkpoint (or that in the state file of a witness); with --witness, that witness must have cosigned. It names whatever does not fit.

Of a file that holds a proof of one public text, or the receipt of one step, it checks, offline: that the checkpoint in it is signed,
that the entry stands below its root, and that every value shown is what the entry says. A value that is null and has no salt is not
shown: erased, or withheld.

Exit status: 0 all fits, 1 something does not, 2 it was called wrongly, 3 it could not be read, which says nothing of what it holds.

The key may be any that the log has had. An entry by which one key takes the place of another is signed by both; the checkpoint has to be
signed with the last key to which such entries lead.

This file imports nothing of the Office's software and repeats nothing of it: it is a second opinion.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import http.client
import itertools
import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("This needs the package cryptography: python -m pip install cryptography", file=sys.stderr)
    sys.exit(3)

WIDTH, HASH, FULL = 256, 32, 256 * 32
MAX_FILE, MAX_LINE = WIDTH * (0xFFFF + 2), 64 << 20
SHOWN = 50  # findings printed; all are counted
TRIES, PAUSE = (
    3,
    1.0,
)  # how often, and after how many seconds, a log that grew meanwhile is read again before its findings stand
PATIENCE = 300.0  # seconds that a site may let us wait for one file because we ask too often


class Unfit(Exception):
    """Something does not fit; the message says what, and where."""


class Unreadable(OSError):
    """Something could not be read: nobody can say whether it fits."""


# ---- where a log lies


class Source(Protocol):
    """A place that holds a log."""

    def get(self, path: str) -> bytes | None:
        """The bytes at a path; None if nothing is there."""

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a file that may be long; none if nothing is there. A folder holds one state: it passes over what follows a "?"."""


class Directory:
    """A log in a folder."""

    def __init__(self, root: str | pathlib.Path) -> None:
        self.root = pathlib.Path(root)

    def get(self, path: str) -> bytes | None:
        """The bytes of a file; None if there is none."""
        try:
            with (self.root / path).open("rb") as file:
                return _limited(file.read(MAX_FILE + 1), MAX_FILE, path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a file."""
        path = path.partition("?")[0]
        if (self.root / path).is_file():
            with (self.root / path).open("rb") as file:
                yield from _lines(file, path)


OFFICE_LOG = "ledger"
"""Where an office has its public log, below its own address."""


class Website:
    """A log at an address that begins with http:// or https://; for the address of an office, which has no path, the log below it."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._may_be_office = urllib.parse.urlsplit(self.url).path == ""

    def _open(self, path: str) -> http.client.HTTPResponse | None:
        answer = self._asked(path)
        if answer is None and self._may_be_office:
            # A static server may carry a log at its root; an office carries it at `/ledger`. What is found first says which it is.
            answer = self._asked(f"{OFFICE_LOG}/{path}")
            if answer is not None:
                self.url = f"{self.url}/{OFFICE_LOG}"
        self._may_be_office &= answer is None
        return answer

    def _asked(self, path: str) -> http.client.HTTPResponse | None:
        request = urllib.request.Request(f"{self.url}/{path}", headers={"User-Agent": "ledger-verifier"})  # noqa: S310 - http(s) only, see `main`
        waited = 0.0
        while True:
            try:
                answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=60)  # noqa: S310 - as above
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in (404, 410):
                    return None
                pause = _pause(error)
                if pause is None or waited + pause > PATIENCE:
                    raise Unreadable(f"{self.url}/{path} answers with status {error.code}") from None
                time.sleep(pause)
                waited += pause
            else:
                return answer

    def get(self, path: str) -> bytes | None:
        """The bytes at the address; None for 404 and 410."""
        answer = self._open(path)
        if answer is None:
            return None
        with answer:
            return _limited(answer.read(MAX_FILE + 1), MAX_FILE, path)

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines at the address, read as they come."""
        answer = self._open(path)
        if answer is not None:
            with answer:
                yield from _lines(answer, path)


def _pause(error: urllib.error.HTTPError) -> float | None:
    """How many seconds a site that is asked too often asks to wait; None if it says nothing like that."""
    after = error.headers.get("Retry-After", "")
    return float(after) if error.code in (429, 503) and re.fullmatch("[0-9]{1,3}", after) else None


def _lines(file: Any, path: str) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE + 1):
        yield _limited(line, MAX_LINE, path)


def _limited(data: bytes, limit: int, path: str) -> bytes:
    if len(data) > limit:
        raise Unfit(f"{path} is longer than {limit} bytes")
    return data


# ---- signatures


@dataclass(frozen=True)
class Key:
    """A verifier key (C2SP signed-note), of type 1 for logs and 4 for witnesses."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read name+id+base64; raise Unfit."""
        found = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.+)", text)
        data = _unbase64(found[3]) if found else b""
        if not found or len(data) != 33 or data[0] not in (1, 4):
            raise Unfit(
                f"{text!r} is not a verifier key: name+8 hexadecimal digits+base64 of a type (1 or 4) and an Ed25519 key"
            )
        key_id = hashlib.sha256(found[1].encode() + b"\n" + data).digest()[:4]
        if key_id.hex() != found[2]:
            raise Unfit(f"the key of {found[1]} has the id {key_id.hex()}, but is called {found[2]}")
        return cls(found[1], key_id, data[0], data[1:])

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    """What a log signed: its name, how many entries, the root of their tree; with the text and signature lines it stood in."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: Sequence[tuple[str, bytes, bytes]]

    def by(self, key: Key) -> bytes | None:
        """What the key's line holds; None if there is no such line. Unfit if there are two."""
        found = [value for name, key_id, value in self.signatures if (name, key_id) == (key.name, key.key_id)]
        if len(found) > 1:
            raise Unfit(f"the checkpoint holds {len(found)} signatures of {key.name}")
        return found[0] if found else None


def open_checkpoint(data: bytes, keys: Iterable[Key], what: str = "the checkpoint") -> Checkpoint:
    """Read a checkpoint and check that one of the keys signed it, and that none of them signed something else; raise Unfit."""
    checkpoint = read_checkpoint(data, what)
    if not signed_by(checkpoint, keys, what):
        raise Unfit(unsigned(checkpoint, what))
    return checkpoint


def unsigned(checkpoint: Checkpoint, what: str) -> str:
    """That no key given signed it, in words."""
    return f"{what} is not signed by any key given; it names {', '.join(name for name, _, _ in checkpoint.signatures)}"


def read_checkpoint(data: bytes, what: str) -> Checkpoint:
    """Read a checkpoint, whoever signed it; raise Unfit."""
    found = re.fullmatch(
        r"(([^\x00-\x1f]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n)\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)",
        _text(data, what),
    )
    if not found:
        raise Unfit(f"{what} is not a signed note of origin, size and root")
    signatures = []
    for line in found[5].splitlines():
        _, name, encoded = line.split(" ")
        value = _unbase64(encoded)
        signatures.append((name, value[:4], value[4:]))
    root = _unbase64(found[4])
    if len(root) != HASH:
        raise Unfit(f"the root in {what} is not well written")
    return Checkpoint(found[2], int(found[3]), root, found[1], signatures)


def signed_by(checkpoint: Checkpoint, keys: Iterable[Key], what: str) -> list[Key]:
    """Those of the keys that signed it; Unfit if one of them signed something else, or is no key of that log."""
    good = []
    for key in keys:
        signature = checkpoint.by(key)
        if signature is None:
            continue
        if key.kind != 1 or key.name != checkpoint.origin:
            raise Unfit(f"{what} is of {checkpoint.origin}: {key.name} ({key.key_id.hex()}) is no key of that log")
        if not key.signed(signature, checkpoint.text.encode()):
            raise Unfit(f"{what} was altered: the signature of {key.name} ({key.key_id.hex()}) does not fit it")
        good.append(key)
    return good


def cosigned_at(checkpoint: Checkpoint, witness: Key) -> datetime:
    """When a witness cosigned (C2SP tlog-cosignature, cosignature/v1); Unfit if it did not."""
    value = checkpoint.by(witness)
    if value is None:
        raise Unfit(f"the checkpoint is not cosigned by {witness.name} ({witness.key_id.hex()})")
    seconds = int.from_bytes(value[:8], "big")
    message = f"cosignature/v1\ntime {seconds}\n{checkpoint.text}".encode()
    if witness.kind != 4 or len(value) != 72 or seconds >= 1 << 37 or not witness.signed(value[8:], message):
        raise Unfit(f"the cosignature of {witness.name} ({witness.key_id.hex()}) does not fit the checkpoint")
    return datetime.fromtimestamp(seconds, UTC)


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unfit(f"{what} is not UTF-8") from None


# ---- statements and documents


def read_json(data: bytes, what: str) -> Any:
    """JSON without fractions and without a name given twice; raise Unfit."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name is given twice")
        return dict(pairs)

    def no_fraction(text: str) -> Any:
        raise ValueError(f"{text} is not a whole number")

    try:
        return json.loads(data, object_pairs_hook=once, parse_float=no_fraction, parse_constant=no_fraction)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"{what} is not JSON as the ledger writes it: {error}") from None


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of a value without fractions."""

    def ordered(item: Any) -> Any:
        if isinstance(item, dict):
            return {name: ordered(item[name]) for name in sorted(item, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(one) for one in item] if isinstance(item, list) else item

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def values_of(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """(JSON pointer, value) of every scalar and every empty list or object."""
    if isinstance(value, (dict, list)) and value:
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from values_of(item, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
    else:
        yield pointer, value


def name_of(subject: Any) -> str:
    """A subject as one says it: "entry EU-2027-000123, version 2"."""
    return (
        ", ".join(f"{name} {value}" for name, value in subject.items()) if isinstance(subject, dict) else repr(subject)
    )


def read_statement(entry: bytes, index: int | str) -> dict[str, Any]:
    """An entry as the statement it is; Unfit if it is none, or is written in another way than the one it has."""
    found = read_json(entry, f"entry {index}")
    if (
        not isinstance(found, dict)
        or found.keys() != {"kind", "subject", "recorded_at", "digests", "says"}
        or canonical(found) != entry
    ):
        raise Unfit(f"entry {index} is not a statement in its canonical form")
    digests, says, subject = found["digests"], found["says"], found["subject"]
    sound = isinstance(subject, dict) and isinstance(says, dict) and isinstance(digests, list)
    sound = sound and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one) for one in digests
    )
    sound = sound and all(one[0] < other[0] for one, other in itertools.pairwise(digests))
    if found["kind"] == "redaction":
        pointers = says.get("pointers") if sound else None
        sound = isinstance(pointers, list) and all(isinstance(one, str) for one in pointers)
    if not sound:
        raise Unfit(f"entry {index} ({name_of(subject)}) is not a statement: its parts are not what they should be")
    return found


def is_redacted(pointer: str, redacted: Iterable[str]) -> bool:
    """Whether a redaction names the pointer or something it lies in."""
    return any(pointer == one or pointer.startswith(one + "/") for one in redacted)


def document_findings(
    document: Any, salts: Mapping[str, Any], statement: Mapping[str, Any], redacted: set[str]
) -> Iterator[tuple[str, str]]:
    """(pointer, what is wrong) for every value that is not as the statement says."""
    values, stated = dict(values_of(document)), dict(statement["digests"])
    for pointer in sorted({*values, *stated, *salts}):
        value, salt = values.get(pointer), salts.get(pointer)
        if pointer not in stated:
            yield pointer, "is nothing that the log speaks of"
        elif is_redacted(pointer, redacted):
            if value is not None or pointer in salts:
                yield pointer, "was redacted, and is served nevertheless"
        elif pointer not in values or (value is None and pointer not in salts):
            yield pointer, "is missing, and no redaction says so"
        elif not isinstance(salt, str) or not re.fullmatch("[0-9a-f]{32}", salt):
            yield pointer, "has no salt of 16 bytes, so that it cannot be checked"
        elif (
            hashlib.sha256(bytes.fromhex(salt) + pointer.encode() + b"\0" + canonical(value)).hexdigest()
            != stated[pointer]
        ):
            yield pointer, "differs from what the log says of it"


# ---- the tree


def fold(row: bytes) -> bytes:
    """The root over neighbouring hashes, their number a power of two."""
    while len(row) > HASH:
        row = b"".join(hashlib.sha256(b"\1" + row[at : at + 2 * HASH]).digest() for at in range(0, len(row), 2 * HASH))
    return row


def place(index: int, width: int) -> str:
    """The last part of a path in tlog-tiles."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < WIDTH else "")


class Tree:
    """The tree made anew from the entries, held against the tiles as they fill."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: list[bytearray] = []
        self.closed: list[int] = []
        self.checked = 0
        self.suspects: list[
            tuple[int, int, int]
        ] = []  # level, index and place of hashes that do not follow from the entries
        self.missing: list[str] = []

    def add(self, digest: bytes, level: int = 0) -> None:
        """Append a hash to a level."""
        if level == len(self.rows):
            self.rows.append(bytearray())
            self.closed.append(0)
        self.rows[level] += digest
        if len(self.rows[level]) == FULL:
            row = bytes(self.rows[level])
            self._compare(level, row)
            self.rows[level].clear()
            self.closed[level] += 1
            self.add(fold(row), level + 1)

    def finish(self) -> None:
        """Compare the tiles that did not fill."""
        for level, row in enumerate(self.rows):
            if row:
                self._compare(level, bytes(row))

    def _compare(self, level: int, row: bytes) -> None:
        index, width = self.closed[level], len(row) // HASH
        served = get_wide(self.source, f"tile/{level}/", index, width)
        if served is None:
            self.missing.append(f"tile/{level}/{place(index, width)} is not there")
            return
        self.checked += 1
        if len(served) not in (len(row), FULL):
            self.missing.append(f"tile/{level}/{place(index, width)} is {len(served)} bytes long, not {len(row)}")
        elif served[: len(row)] != row:
            self.suspects += [
                (level, index, at // HASH)
                for at in range(0, len(row), HASH)
                if served[at : at + HASH] != row[at : at + HASH]
            ]

    def root(self) -> bytes:
        """The root of what was added so far."""
        root = b""
        for row in self.rows:
            end, count = len(row) // HASH, 1
            while end:
                if end & count:
                    left = fold(bytes(row[(end - count) * HASH : end * HASH]))
                    root = hashlib.sha256(b"\1" + left + root).digest() if root else left
                    end -= count
                count <<= 1
        return root or hashlib.sha256(b"").digest()


def get_wide(source: Source, folder: str, index: int, width: int) -> bytes | None:
    """A tile or bundle of this width, or the full one where the partial one is gone."""
    found = source.get(folder + place(index, width))
    return source.get(folder + place(index, WIDTH)) if found is None and width < WIDTH else found


def read_bundle(source: Source, index: int, width: int) -> list[bytes]:
    """The entries of a bundle; raise Unfit."""
    path = f"tile/entries/{place(index, width)}"
    data = get_wide(source, "tile/entries/", index, width)
    entries: list[bytes] = []
    at = 0
    if data is None:
        raise Unfit(
            f"{path} is not there: the entries {index * WIDTH} to {index * WIDTH + width - 1} cannot be checked"
        )
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise Unfit(f"{path} ends within entry {index * WIDTH + len(entries)}")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) not in (width, WIDTH):
        raise Unfit(f"{path} holds {len(entries)} entries, not {width}")
    return entries[:width]


# ---- all together


@dataclass
class Report:
    """What was checked, and what does not fit."""

    checkpoint: Checkpoint | None = None
    data: bytes = b""
    entries: int = 0
    tiles: int = 0
    documents: int = 0
    values: int = 0
    redacted: int = 0
    notes: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    unread: str = ""
    """Why the log could not be read to its end; among the findings too."""

    @property
    def only_unread(self) -> bool:
        """Whether nothing is known to be wrong, and not all was read."""
        return self.findings == [self.unread]


@dataclass
class Memory:
    """What the entries say, as far as the documents and the signatures need it."""

    newest: dict[bytes, tuple[int, bytes]] = field(
        default_factory=dict
    )  # by subject: index and hash of its newest publication
    redacted: dict[bytes, list[tuple[int, list[str]]]] = field(default_factory=dict)
    filed: dict[bytes, frozenset[str]] = field(
        default_factory=dict
    )  # by subject that is a version: pointers of what was filed
    shapes: dict[frozenset[str], frozenset[str]] = field(
        default_factory=dict
    )  # most versions share one: each is kept once
    old_root: bytes | None = None
    keys: dict[str, list[tuple[int, Key]]] = field(
        default_factory=dict
    )  # by log: its keys, and the entries that name them

    def redactions(self, subject: bytes, since: int) -> set[str]:
        """The pointers redacted of a subject after the entry `since`."""
        return {pointer for index, pointers in self.redacted.get(subject, ()) if index > since for pointer in pointers}


def verify(source: Source, keys: Sequence[Key], *, since: bytes | None = None, witnesses: Sequence[Key] = ()) -> Report:
    """Check a whole log. `since` is a checkpoint of it kept from before, as it was served."""
    report = Report()
    try:
        _verify(source, keys, since, witnesses, report)
    except Unfit as finding:
        report.findings.append(str(finding))
    except (OSError, http.client.HTTPException) as error:
        report.unread = f"the log could not be read: {error}"
        report.findings.append(report.unread)
    return report


def _verify(source: Source, keys: Sequence[Key], since: bytes | None, witnesses: Sequence[Key], report: Report) -> None:
    served = source.get("checkpoint")
    if served is None:
        raise Unreadable("there is no checkpoint: this is no log, or an empty one")
    report.data = served
    checkpoint = read_checkpoint(report.data, "the checkpoint")
    signed = bool(signed_by(checkpoint, keys, "the checkpoint"))
    earlier = read_checkpoint(since, "the earlier checkpoint") if since is not None else None
    if earlier and not signed_by(earlier, keys, "the earlier checkpoint") and not _has_line(earlier, checkpoint):
        raise Unfit(unsigned(earlier, "the earlier checkpoint"))
    for witness in witnesses:
        try:
            report.notes.append(f"cosigned by {witness.name} at {cosigned_at(checkpoint, witness).isoformat()}")
        except Unfit as finding:
            report.findings.append(str(finding))
    if earlier:
        _same_log(earlier, checkpoint)
    if signed:
        report.checkpoint = checkpoint
        memory = _check_tree(source, checkpoint, earlier, report)
    else:
        # None of the keys given signed it. The entries, which lead to its root, may lead from one of them to one that did.
        read = Report()
        memory = _check_tree(source, checkpoint, earlier, read)
        if memory is None or not _leads_on(memory, checkpoint, keys):
            raise Unfit(unsigned(checkpoint, "the checkpoint") + ", and the log leads from none given to one that did")
        report.checkpoint, report.entries, report.tiles = checkpoint, read.entries, read.tiles
        report.notes += read.notes
        report.findings += read.findings
    if memory:
        _check_keys(memory, checkpoint, earlier, keys, report)
        Documents(source, checkpoint, memory, report).check_all()


def _has_line(earlier: Checkpoint, checkpoint: Checkpoint) -> bool:
    """Whether an earlier checkpoint bears a signature in the name of the log: whose, the log's own keys tell when they are known."""
    return any(name == checkpoint.origin for name, _, _ in earlier.signatures)


def _leads_on(memory: Memory, checkpoint: Checkpoint, keys: Sequence[Key]) -> bool:
    chain = [key for _, key in memory.keys.get(checkpoint.origin, [])]
    return any(key in chain for key in keys) and bool(signed_by(checkpoint, chain[-1:], "the checkpoint"))


def _check_keys(
    memory: Memory, checkpoint: Checkpoint, earlier: Checkpoint | None, keys: Sequence[Key], report: Report
) -> None:
    """That the checkpoint is signed with the key that the log names last, and an earlier one with that of its time."""
    chain = memory.keys.get(checkpoint.origin, [])
    if not chain:
        if earlier and not signed_by(earlier, keys, "the earlier checkpoint"):
            report.findings.append(unsigned(earlier, "the earlier checkpoint"))
        return
    if not any(key == own for key in keys for _, own in chain):
        report.findings.append(
            f"the log names other keys than those given: {', '.join(map(str, (key for _, key in chain)))}"
        )
    if not signed_by(checkpoint, [chain[-1][1]], "the checkpoint"):
        report.findings.append(
            f"the checkpoint is not signed with {chain[-1][1]}, which the log names as its key since entry {chain[-1][0]}"
        )
    if earlier:
        of_its_time = [key for index, key in chain if index < earlier.size][-1:] or [chain[0][1]]
        if not signed_by(earlier, of_its_time, "the earlier checkpoint"):
            report.findings.append(
                f"the earlier checkpoint is not signed with {of_its_time[0]}, the key of the log at {earlier.size} entries"
            )


def verify_settled(
    source: Source,
    keys: Sequence[Key],
    *,
    since: bytes | None = None,
    witnesses: Sequence[Key] = (),
    pause: float = PAUSE,
) -> Report:
    """Check a log that may grow while it is read.

    A document can be newer than the checkpoint for a moment. Findings stand only when the log, looked at three more times with `pause`
    seconds between, has not moved on, or shows them still after it has.
    """
    report = verify(source, keys, since=since, witnesses=witnesses)
    for _ in range(TRIES):
        if not report.findings:
            break
        time.sleep(pause)
        try:
            moved = source.get("checkpoint") != report.data
        except (Unfit, OSError, http.client.HTTPException):
            continue
        if moved:
            report = verify(source, keys, since=since, witnesses=witnesses)
    return report


def _same_log(earlier: Checkpoint, now: Checkpoint) -> None:
    if earlier.origin != now.origin:
        raise Unfit(f"the earlier checkpoint is of {earlier.origin}, not of {now.origin}")
    if earlier.size > now.size:
        raise Unfit(f"the log has shrunk: {earlier.size} entries were signed before, {now.size} now")
    if earlier.size == now.size and earlier.root != now.root:
        raise Unfit(
            f"split view: two roots are signed for {now.size} entries, {earlier.root.hex()} before and {now.root.hex()} now"
        )


def _check_tree(source: Source, checkpoint: Checkpoint, earlier: Checkpoint | None, report: Report) -> Memory | None:
    tree, memory = Tree(source), Memory()
    if earlier and earlier.size == 0:
        memory.old_root = tree.root()
    for index in range(-(-checkpoint.size // WIDTH)):
        for entry in read_bundle(source, index, min(WIDTH, checkpoint.size - index * WIDTH)):
            digest = hashlib.sha256(b"\0" + entry).digest()
            try:
                _remember(memory, read_statement(entry, report.entries), report, digest)
            except (Unfit, ValueError, RecursionError) as finding:
                report.findings.append(
                    f"entry {report.entries}: {finding}" if not isinstance(finding, Unfit) else str(finding)
                )
            tree.add(digest)
            report.entries += 1
            if earlier and report.entries == earlier.size:
                memory.old_root = tree.root()
    tree.finish()
    report.tiles = tree.checked
    report.findings += tree.missing
    fits = tree.root() == checkpoint.root
    for level, index, at in tree.suspects:
        where = f"hash {at} of tile/{level}/{place(index, min(WIDTH, (checkpoint.size >> 8 * level) - index * WIDTH))}"
        if level:
            report.findings.append(f"{where} does not follow from the entries below it")
        else:
            number = index * WIDTH + at
            entry = read_bundle(source, index, min(WIDTH, checkpoint.size - index * WIDTH))[at]
            what = (
                f"{where} is altered: it is not the hash of"
                if fits
                else f"{where} is not the hash of what is served as"
            )
            report.findings.append(f"{what} entry {number}{_named(entry, number)}")
    if not fits:
        report.findings.append(
            f"the entries lead to the root {tree.root().hex()}, the checkpoint signs {checkpoint.root.hex()}"
        )
    if earlier and memory.old_root != earlier.root:
        report.findings.append(
            f"split view: the log does not begin with the {earlier.size} entries that were signed before"
        )
    return memory if fits else None


def _named(entry: bytes, index: int) -> str:
    try:
        return f" ({name_of(read_statement(entry, index)['subject'])})"
    except (Unfit, ValueError, RecursionError):
        return ", which is no statement"


def _remember(memory: Memory, statement: Mapping[str, Any], report: Report, digest: bytes) -> None:
    subject = canonical(statement["subject"])
    if statement["kind"] == "publication":
        if "version" in statement["subject"]:
            _compare_filed(memory, statement, subject, report)
        memory.newest[subject] = report.entries, digest
    elif statement["kind"] == "redaction":
        memory.redacted.setdefault(subject, []).append((report.entries, statement["says"]["pointers"]))
    elif statement["kind"] in ("key", "rotation"):
        _remember_key(memory, statement, report)


def _remember_key(memory: Memory, statement: Mapping[str, Any], report: Report) -> None:
    """A log is given its first key once; from then on each key hands over to the next."""
    number, says, log = report.entries, statement["says"], statement["subject"].get("log")
    key = Key.parse(str(says.get("verifier")))
    if key.name != log:
        raise Unfit(f"entry {number} gives {log} the key {key}, which is of another name")
    chain = memory.keys.setdefault(key.name, [])
    if statement["kind"] == "key":
        if chain and chain[-1][1] != key:
            raise Unfit(
                f"entry {number} gives {log} the key {key}, but by entry {chain[-1][0]} it has {chain[-1][1]}, which handed over to none"
            )
        report.notes.append(f"entry {number} makes {key} the key of {log}")
    else:
        old, _ = handed_over(statement, f"entry {number}")
        if chain and chain[-1][1] != old:
            raise Unfit(f"entry {number} replaces {old} by {key}, but the key of {log} is {chain[-1][1]}")
        if not chain:
            chain.append((number, old))
        report.notes.append(f"entry {number} replaces {old} by {key} as the key of {log}")
    if not chain or chain[-1][1] != key:
        chain.append((number, key))


def handed_over(statement: Mapping[str, Any], what: str) -> tuple[Key, Key]:
    """The old and the new key of a rotation; Unfit if they are not two keys of one log, or either did not sign it."""
    says, log = statement["says"], statement["subject"].get("log")
    old, new = Key.parse(str(says.get("old"))), Key.parse(str(says.get("verifier")))
    text = f"key-rotation/v1\n{log}\n{old}\n{new}\n{statement['recorded_at']}\n".encode()
    for by, signature in ((old, says.get("by_old")), (new, says.get("by_new"))):
        if not re.fullmatch("[0-9a-f]{128}", str(signature)) or not by.signed(bytes.fromhex(signature), text):
            raise Unfit(f"{what} replaces {old} by {new}, and is not signed by {by}")
    if {old.name, new.name} != {log} or {old.kind, new.kind} != {1} or old == new:
        raise Unfit(f"{what} replaces {old} by {new}, which are not two keys of {log}")
    return old, new


def _compare_filed(memory: Memory, statement: Mapping[str, Any], subject: bytes, report: Report) -> None:
    """A version says for good what was filed, below /fields and at /reason: what goes from it goes by a redaction, or did in silence."""
    filed = frozenset(one for one, _ in statement["digests"] if one == "/reason" or one.startswith("/fields/"))
    filed = memory.shapes.setdefault(filed, filed)
    gone = memory.filed.get(subject, filed) - filed
    if gone:
        redacted = memory.redactions(subject, memory.newest[subject][0])
        for pointer in sorted(gone):
            if not is_redacted(pointer, redacted) and not any(one.startswith(pointer + "/") for one in filed):
                report.findings.append(
                    f"{name_of(statement['subject'])}: {pointer} is stated no longer in entry {report.entries}, and no redaction says so"
                )
    memory.filed[subject] = filed


class Documents:
    """The published documents, each held against the newest entry on its subject."""

    def __init__(self, source: Source, checkpoint: Checkpoint, memory: Memory, report: Report) -> None:
        self.source, self.size, self.memory, self.report = source, checkpoint.size, memory, report
        self.seen: set[bytes] = set()
        self.bundle: tuple[int, list[bytes]] = (
            -1,
            [],
        )  # the last one read: publications come in the order of the entries

    def check_all(self) -> None:
        """Check every line of the publications, then that no subject is missing from them."""
        for number, line in enumerate(self.source.lines(f"publications?size={self.size}"), 1):
            try:
                self.check(line, f"line {number} of the publications")
            except (Unfit, ValueError, RecursionError) as finding:
                self.report.findings.append(str(finding))
        if self.memory.redacted:
            count = sum(len(found) for found in self.memory.redacted.values())
            subjects = len(self.memory.redacted)
            values = sum(len(pointers) for found in self.memory.redacted.values() for _, pointers in found)
            self.report.redacted = values
            self.report.notes.append(
                f"{count} redactions in the log, of {subjects} subjects: {values} values erased or withheld, as the log says"
            )
        for key, (index, _) in self.memory.newest.items():
            if key not in self.seen and "" not in self.memory.redactions(key, index):
                name = name_of(json.loads(key))
                self.report.findings.append(
                    f"{name}: in the log (entry {index}), not among the publications, and not withdrawn"
                )

    def check(self, line: bytes, what: str) -> None:
        """Check one line; what does not fit goes into the report, or is raised as Unfit."""
        published = read_json(line, what)
        if published == {"withheld_meanwhile": True}:
            raise Unfit(f"{what}: something was withheld while they were read; a newer checkpoint tells what")
        if not isinstance(published, dict) or published.keys() != {"subject", "index", "document", "salts"}:
            raise Unfit(f"{what} has not subject, index, document and salts")
        name, key, salts = name_of(published["subject"]), canonical(published["subject"]), published["salts"]
        if not isinstance(salts, dict):
            raise Unfit(f"{name}: {what} has no salts by pointer")
        if key not in self.memory.newest:
            raise Unfit(f"{name}: published, but the log says nothing of it")
        if key in self.seen:
            raise Unfit(f"{name}: published twice")
        self.seen.add(key)
        index, digest = self.memory.newest[key]
        if published["index"] != index or type(published["index"]) is not int:
            raise Unfit(
                f"{name}: published as entry {published['index']!r}, but the newest on it in the log is entry {index}"
            )
        statement = self._statement(name, index, digest)
        for pointer, wrong in document_findings(
            published["document"], salts, statement, self.memory.redactions(key, index)
        ):
            self.report.findings.append(f"{name}: {pointer or 'the whole document'} {wrong} (entry {index})")
        self.report.documents += 1
        self.report.values += len(statement["digests"])

    def _statement(self, name: str, index: int, digest: bytes) -> dict[str, Any]:
        number = index // WIDTH
        if self.bundle[0] != number:
            self.bundle = number, read_bundle(self.source, number, min(WIDTH, self.size - number * WIDTH))
        entry = self.bundle[1][index % WIDTH]
        if hashlib.sha256(b"\0" + entry).digest() != digest:
            raise Unfit(f"{name}: entry {index} changed while it was being checked")
        return read_statement(entry, index)


def kept_checkpoint(data: bytes) -> bytes:
    """A checkpoint kept from before, as it was served or in the state file of a witness; Unfit if it is neither."""
    if data.lstrip().startswith(b"{"):
        state = read_json(data, "the file")
        data = str(state.get("checkpoint")).encode()
    read_checkpoint(data, "the file")
    return data


# ---- one text or one step


@dataclass
class Single:
    """What a proof or a receipt was found to say; `findings` is empty if it holds."""

    checkpoint: Checkpoint
    statement: Mapping[str, Any]
    index: int
    findings: list[str]
    not_shown: list[str]


def check_single(data: bytes, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> Single:
    """Check the file of a proof or of a receipt; Unfit if it is none, is not signed, or its entry is not in the log that was signed."""
    found = read_json(data, "the file")
    missing = {"entry", "index", "proof", "checkpoint", "document", "salts"} - (
        found.keys() if isinstance(found, dict) else set()
    )
    if missing:
        raise Unfit(f"the file is no proof and no receipt: it has no {min(missing)!r}")
    entry, index, proof, salts = found["entry"], found["index"], found["proof"], found["salts"]
    digests, records = found.get("digests", {}), found.get("rotations", [])
    sound = isinstance(entry, str) and isinstance(found["checkpoint"], str) and type(index) is int
    sound = sound and all(
        isinstance(one, dict) and all(isinstance(text, str) for text in one.values()) for one in (salts, digests)
    )
    sound = sound and all(
        isinstance(one, list) and all(isinstance(text, str) for text in one) for one in (proof, records)
    )
    if not sound or not all(re.fullmatch("[0-9a-f]{64}", one) for one in proof):
        raise Unfit("the file is no proof and no receipt: its parts are not what they should be")
    checkpoint = open_checkpoint(found["checkpoint"].encode(), led_on(keys, records))
    for witness in witnesses:
        cosigned_at(checkpoint, witness)
    if root_above(entry.encode(), index, checkpoint.size, [bytes.fromhex(one) for one in proof]) != checkpoint.root:
        raise Unfit(
            f"entry {index} is not in the log of {checkpoint.size} entries that was signed: the proof leads to another root"
        )
    statement = read_statement(entry.encode(), index)
    if digests:
        # An entry that has no room for a digest of each value states the digest of all digests.
        if statement["digests"] != [["", hashlib.sha256(canonical(digests)).hexdigest()]]:
            raise Unfit(f"the digests in the file are not those whose digest entry {index} states")
        statement = {**statement, "digests": sorted(digests.items())}
    document = found["document"]
    values = dict(values_of(document))
    not_shown = [one for one, _ in statement["digests"] if one not in salts and values.get(one) is None]
    findings = [
        f"{pointer or 'the whole document'} {wrong} (entry {index})"
        for pointer, wrong in document_findings(document, salts, statement, set(not_shown))
        if pointer or not sent_nothing(document, salts, statement)
    ]
    return Single(checkpoint, statement, index, findings, not_shown)


def led_on(keys: Sequence[Key], records: Sequence[str]) -> list[Key]:
    """The keys given, and those to which records in the file hand over from them; Unfit for a record that its keys did not sign."""
    known = list(keys)
    for record in records:
        statement = read_statement(record.encode(), "of a new key")
        if statement["kind"] != "rotation":
            raise Unfit(f"a record of kind {statement['kind']!r} hands no key over")
        old, new = handed_over(statement, "a record in the file")
        if old in known and new not in known:
            known.append(new)
    return known


def root_above(entry: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which an entry and the hashes beside it lead (RFC 9162, 2.1.3.2); None where they are too few or too many."""
    if not 0 <= index < size:
        return None
    reached, last = hashlib.sha256(b"\0" + entry).digest(), size - 1
    for beside in proof:
        if last == 0:
            return None
        left = index % 2 == 1 or index == last  # the hash beside it stands to its left
        reached = hashlib.sha256(b"\1" + (beside + reached if left else reached + beside)).digest()
        while left and index % 2 == 0 and index:
            index, last = index // 2, last // 2
        index, last = index // 2, last // 2
    return reached if last == 0 else None


def sent_nothing(document: Any, salts: Mapping[str, str], statement: Mapping[str, Any]) -> bool:
    """Whether a step was taken with an empty form: its digest is that of {}, for which no value stands in the document."""
    salt, stated = salts.get("", ""), dict(statement["digests"]).get("")
    is_salt = isinstance(document, dict) and document.keys() == {"@record"} and re.fullmatch("[0-9a-f]{32}", salt)
    return bool(is_salt) and hashlib.sha256(bytes.fromhex(salt) + b"\0{}").hexdigest() == stated


def say_single(found: Single) -> int:
    """Print what a file says; returns the exit status."""
    name = _printable(name_of(found.statement["subject"]))
    for finding in found.findings:
        print(f"DOES NOT FIT: {name}: {_printable(finding)}", file=sys.stderr)
    if found.findings:
        print(
            f"{len(found.findings)} findings: entry {found.index} says something else than this file", file=sys.stderr
        )
        return 1
    print(f"it holds: {name}, recorded {_printable(found.statement['recorded_at'])}")
    for pointer in found.not_shown:
        print(f"not shown here: {_printable(pointer)}")
    log = found.checkpoint
    print(f"entry {found.index} of {log.size} in {_printable(log.origin)}, root {log.root.hex()}, signed")
    return 0


# ---- the command line


def _printable(text: str) -> str:
    """Text from a log, fit for a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the public ledger of an AI Office, or one proof or receipt.")
    parser.add_argument(
        "log", help="the address or the folder in which the log lies, or the file of a proof or a receipt"
    )
    parser.add_argument(
        "--key", action="append", required=True, help="a verifier key of the log; may be given more than once"
    )
    parser.add_argument(
        "--witness", action="append", default=[], help="the verifier key of a witness that must have cosigned"
    )
    parser.add_argument("--since", type=pathlib.Path, help="a file with a checkpoint of this log kept from before")
    parser.add_argument("--save", type=pathlib.Path, help="a file to keep this checkpoint in, if all fits")
    given = parser.parse_args(arguments)
    try:
        keys, witnesses = [Key.parse(text) for text in given.key], [Key.parse(text) for text in given.witness]
        since = kept_checkpoint(given.since.read_bytes()) if given.since else None
    except (Unfit, OSError) as error:
        parser.error(str(error))
    is_address = urllib.parse.urlsplit(given.log).scheme in ("http", "https")
    if not is_address and pathlib.Path(given.log).is_file():
        if given.since or given.save:
            parser.error("--since and --save are for whole logs: a proof shows one entry")
        return main_single(pathlib.Path(given.log), keys, witnesses, parser)
    source = Website(given.log) if is_address else Directory(given.log)
    # A folder holds still; what does not fit there will not fit in a second either.
    report = (verify_settled if is_address else verify)(source, keys, since=since, witnesses=witnesses)
    if report.only_unread:
        print(f"{_printable(report.unread)}: nothing is known of whether it fits", file=sys.stderr)
        return 3
    for finding in report.findings[:SHOWN]:
        print(f"DOES NOT FIT: {_printable(finding)}", file=sys.stderr)
    for note in report.notes:
        print(_printable(note))
    print(
        f"checked {_counted(report.entries, 'entry', 'entries')}, {_counted(report.tiles, 'tile')}, "
        f"{_counted(report.documents, 'document')} with {_counted(report.values, 'value')}"
    )
    if report.findings:
        print(
            f"{_counted(len(report.findings), 'finding')}: this log, or this copy of it, is not what was signed",
            file=sys.stderr,
        )
        return 1
    if report.checkpoint:
        print(
            f"all fits: {report.checkpoint.origin} at {report.checkpoint.size} entries, root {report.checkpoint.root.hex()}"
        )
    if given.save:
        given.save.write_bytes(report.data)
    return 0


def main_single(
    path: pathlib.Path, keys: Sequence[Key], witnesses: Sequence[Key], parser: argparse.ArgumentParser
) -> int:
    """The command line for one file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"{path} could not be read: {error}", file=sys.stderr)
        return 3
    if data.startswith(b"%PDF-"):
        parser.error(f"{path} is a PDF: save the file receipt.json that is attached to it, and check that")
    try:
        return say_single(check_single(data, keys, witnesses))
    except (Unfit, ValueError, RecursionError) as finding:
        print(f"DOES NOT FIT: {_printable(str(finding))}", file=sys.stderr)
        return 1


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


if __name__ == "__main__":
    sys.exit(main())
