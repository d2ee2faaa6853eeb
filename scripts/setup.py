"""Set the office up: a fitting Python, its environment, the locked dependencies, the project, the web assets.

Runs on any Python from 3.8 and needs nothing installed. Every step is skipped when its work is done already.

    python3 scripts/setup.py            what running the office needs
    python3 scripts/setup.py --dev      what tests and checks need as well
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "aioffice-setup.json")
NEEDED = (3, 12)
NAMES = ("python3.13", "python3.12", "python3.14", "python3", "python")
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


class Missing(Exception):
    """Something the set-up cannot make itself; the message is one sentence that says what to do."""


def version_of(python):
    # type: (str) -> tuple[int, ...] | None
    """The version of an interpreter that can make environments; None when it cannot or does not run."""
    try:
        done = subprocess.run(
            [python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return tuple(int(part) for part in done.stdout.split(b".")) if done.returncode == 0 and done.stdout else None


def candidates():
    # type: () -> list[str]
    """Interpreters worth asking, best first."""
    found = [sys.executable] + [path for path in map(shutil.which, NAMES) if path]
    versions = glob.glob(
        os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions", "3.*", "bin", "python")
    )
    found += sorted((path for path in versions if "/3.13" in path or "/3.12" in path or "/3.14" in path), reverse=True)
    uv = shutil.which("uv")
    if uv:
        told = subprocess.run(
            [uv, "python", "find", ">=3.12"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        if told.returncode == 0:
            found.append(told.stdout.decode().strip())
    return found


def fitting_python():
    # type: () -> str
    """The first interpreter that is new enough."""
    for python in candidates():
        version = version_of(python)
        if version and version >= NEEDED:
            return python
    raise Missing(
        "The office needs Python 3.12 or newer with its venv module: install it (Debian: apt install python3.13 python3.13-venv; "
        "anywhere: pyenv install 3.13 or uv python install 3.13) and run this again."
    )


def digest(*paths):
    # type: (*str) -> str
    """One digest over the contents of some files."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(file.read() + b"\0")
    return total.hexdigest()


def read_stamp():
    # type: () -> dict[str, str]
    """What was installed last."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def write_stamp(stamp):
    # type: (dict[str, str]) -> None
    """Remember what is installed now."""
    with open(STAMP, "w", encoding="utf-8") as file:
        json.dump(stamp, file)


def run(what, *command):
    # type: (str, *str) -> None
    """Run one command in the project's folder, saying what it is for and how long it took."""
    print(f"  {what} ...", end="", flush=True)
    begin = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        print(" failed")
        told = done.stdout.decode(errors="replace").strip().splitlines()
        raise Missing("\n".join(told[-25:] + [f"The step `{what}` failed; its last lines are above."]))
    print(f" {time.monotonic() - begin:.1f} s")


def environment():
    # type: () -> str
    """The environment's interpreter; the environment is made when there is none that fits."""
    python = os.path.join(VENV, "bin", "python")
    version = version_of(python) if os.path.exists(python) else None
    if version and version >= NEEDED:
        return python
    base = fitting_python()
    if os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
        shutil.rmtree(VENV)
    run("Making the environment with Python {}.{}".format(*version_of(base) or NEEDED), base, "-m", "venv", VENV)
    return python


def dependencies(python, dev):
    # type: (str, bool) -> None
    """Install what the lock file names, and the project itself, when either changed."""
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
    stamp = read_stamp()
    locks = {name: os.path.join(ROOT, "requirements", name + ".txt") for name in ("base", "dev")}
    wanted = "dev" if dev else "base"
    # the development lock contains every line of the other one
    if digest(locks[wanted]) != stamp.get(wanted) and (dev or digest(locks["dev"]) != stamp.get("dev")):
        with open(locks[wanted], encoding="utf-8") as file:
            count = sum("==" in line for line in file)
        run(f"Installing {count} locked packages", *pip, "--require-hashes", "-r", locks[wanted])
        stamp = {name: value for name, value in stamp.items() if name == "project"}
        stamp[wanted] = digest(locks[wanted])
        write_stamp(stamp)
    project = digest(os.path.join(ROOT, "pyproject.toml"), os.path.join(ROOT, "requirements", "base.in"))
    if project != stamp.get("project") or not os.path.exists(os.path.join(VENV, "bin", "aioffice")):
        run("Installing the office", *pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
        stamp["project"] = project
        write_stamp(stamp)


def main():
    # type: () -> int
    """Do what is missing; 1 and one sentence when something has to be installed by hand."""
    try:
        python = environment()
        dependencies(python, dev="--dev" in sys.argv[1:])
    except Missing as error:
        print(error, file=sys.stderr)
        return 1
    return subprocess.run([python, os.path.join(ROOT, "scripts", "assets.py")], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
