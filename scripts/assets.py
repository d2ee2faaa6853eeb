"""Fetch the web assets: the Europa Component Library, its icons, htmx. Pinned by hash, unpacked into var/vendor, never committed.

Only what pages load is kept. The Commission's logos are left out, and every address of an outside host is taken out of the style
sheets: a reader's browser talks to the office and to nobody else.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "var" / "vendor"


@dataclass(frozen=True)
class Package:
    """One package: where it comes from, its hash, and which of its files go where (a folder of files when the name ends in /)."""

    spec: str
    sha256: str
    keep: dict[str, str]


PACKAGES = (
    Package(
        "@ecl/preset-ec@5.3.1",
        "e6e9dfdc5003df39c9fc584d69c4ff2668f2acccc1778bc014d16158759ebc1b",
        {
            "dist/styles/": "ecl/styles/",
            "dist/scripts/ecl-ec.js": "ecl/scripts/ecl-ec.js",
            "dist/fonts/": "ecl/fonts/",
            "dist/images/": "ecl/images/",
            "LICENSE": "ecl/LICENSE",
        },
    ),
    Package(
        "@ecl/resources-icons@4.11.0",
        "9a65b469dd4c3e75cbf0341b6cacdf44f5230f4c10e73c24f8e010633070756e",
        {"dist/sprites/icons.svg": "icons/icons.svg", "LICENSE": "icons/LICENSE"},
    ),
    Package(
        "htmx.org@2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
    ),
)
LEFT_OUT = ("dist/images/logo/",)
OUTSIDE_FONT = re.compile(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)\s*(?:format\([^)]*\))?\s*,?\s*")
SOURCE_MAP = re.compile(r"/\*[#@]\s*sourceMappingURL=[^*]*\*/|//[#@]\s*sourceMappingURL=\S*")


class Failed(Exception):
    """An asset could not be fetched; the message is one sentence that says what to do."""


def fetch(package: Package, folder: Path) -> Path:
    """Download a package and check its hash."""
    npm = shutil.which("npm")
    if npm is None:
        raise Failed(
            "npm is missing, which fetches the style library: install Node.js 18 or newer (Debian: apt install npm)."
        )
    done = subprocess.run(
        [npm, "pack", "--silent", package.spec], cwd=folder, capture_output=True, text=True, check=False
    )
    files = [*folder.glob("*.tgz")]
    if done.returncode or len(files) != 1:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise Failed(f"npm could not fetch {package.spec} ({reason}): check the connection and run this again.")
    found = hashlib.sha256(files[0].read_bytes()).hexdigest()
    if found != package.sha256:
        raise Failed(f"{package.spec} is not the package that was reviewed (sha256 {found}): nothing was installed.")
    return files[0]


def target_of(name: str, package: Package) -> str | None:
    """Where a file of the package goes; None when it is not served."""
    if name.startswith(LEFT_OUT) or name.endswith((".map", ".txt")):
        return None
    for source, target in package.keep.items():
        if name == source:
            return target
        if source.endswith("/") and name.startswith(source):
            return target + name.removeprefix(source)
    return None


def cleaned(name: str, content: bytes) -> bytes:
    """The file without outside fonts and source maps."""
    if not name.endswith((".css", ".js")):
        return content
    text = SOURCE_MAP.sub("", content.decode())
    return (OUTSIDE_FONT.sub("", text) if name.endswith(".css") else text).encode()


def unpack(archive: Path, package: Package, into: Path) -> None:
    """Write the files that pages load."""
    with tarfile.open(archive) as tar:
        for member in tar:
            target = target_of(member.name.removeprefix("package/"), package)
            content = tar.extractfile(member) if target and member.isfile() else None
            if target is None or content is None or ".." in target:
                continue
            path = into / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(cleaned(target, content.read()))


def main() -> int:
    """Fetch and unpack everything unless the same is there already."""
    wanted = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    stamp = VENDOR / "assets.json"
    if stamp.is_file() and json.loads(stamp.read_text()).get("made_by") == wanted:
        return 0
    print("  Fetching the web assets ...", end="", flush=True)
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=VENDOR.parent) as work:
            new = Path(work) / "vendor"
            for number, package in enumerate(PACKAGES):
                folder = Path(work) / str(number)
                folder.mkdir()
                unpack(fetch(package, folder), package, new)
            packages = {package.spec: package.sha256 for package in PACKAGES}
            (new / "assets.json").write_text(json.dumps({"made_by": wanted, "packages": packages}))
            new.chmod(0o755)
            shutil.rmtree(VENDOR, ignore_errors=True)
            new.rename(VENDOR)
    except Failed as error:
        print(" failed")
        print(error, file=sys.stderr)
        return 1
    print(" done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
