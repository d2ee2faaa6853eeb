"""`aioffice metrics` answers Prometheus, on an address of its own and with the token alone."""

from __future__ import annotations

import signal
import threading

import typer

from aioffice.doors.cli._office import checked_settings, fail, office
from aioffice.kernel import secrets

app = typer.Typer(name="metrics", help="Figures for Prometheus, for whoever runs the office.", no_args_is_help=True)


@app.command()
def token() -> None:
    """Print the token that opens /metrics. Put it into a file that only your Prometheus reads (`credentials_file`).

    Exit status: 0 done.

    Example: aioffice metrics token > /etc/prometheus/aioffice-token
    """
    print(secrets.ensure(checked_settings().data_dir)["metrics_token"])


@app.command()
def serve() -> None:
    """Answer `GET /metrics` on AIOFFICE_METRICS_ADDRESS until asked to stop. `aioffice up` does this by itself where the address is set.

    Exit status: 0 asked to stop, 1 it could not begin.

    Example: AIOFFICE_METRICS_ADDRESS=127.0.0.1:9464 aioffice metrics serve
    """
    with office() as found:
        if not found.metrics_address:
            fail("Set AIOFFICE_METRICS_ADDRESS to where Prometheus finds the figures, for example 127.0.0.1:9464.")
        from aioffice.doors.metrics import Listener, registry

        known = secrets.ensure(found.data_dir)["metrics_token"]
        try:
            listener = Listener(found.metrics_place, known, registry(found))
        except OSError as error:
            fail(f"AIOFFICE_METRICS_ADDRESS: nothing can listen on {found.metrics_address} ({error.strerror}).")
        for what in (signal.SIGTERM, signal.SIGINT):
            # from a thread: shutdown() waits for serve_forever(), in which the signal arrives
            signal.signal(what, lambda *_: threading.Thread(target=listener.shutdown).start())
        with listener:
            listener.serve_forever()
