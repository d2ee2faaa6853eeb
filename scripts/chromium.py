"""Make sure there is a Chromium for the browser tests: install Debian's when that is allowed, else say what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def main() -> int:
    """0 when a Chromium is there in the end."""
    if shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("  Installing Chromium for the browser tests ...", flush=True)
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(
                command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False
            )
        if shutil.which("chromium"):
            return 0
    print(
        "The browser tests need Chromium: install it (Debian: apt install chromium) and run this again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
