"""Over time and among witnesses: an earlier checkpoint, a split view, cosignatures; and the command line, from a file alone."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aioffice.kernel.ledger import standalone, statements
from aioffice.kernel.ledger.checkpoints import Checkpoint, cosign, sign_checkpoint
from aioffice.kernel.ledger.keys import COSIGNATURE, generate_key
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.verifying import verify_log
from tests.kernel.ledger.example_log import ORIGIN, T0, Log, example_log, subject

FILE = Path(standalone.__file__)


@pytest.fixture
def log(tmp_path):
    return example_log(tmp_path / "log")


def test_it_imports_nothing_of_the_office_and_little_else():
    modules = set()
    for node in ast.walk(ast.parse(FILE.read_text())):
        if isinstance(node, ast.Import):
            modules |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or ".").partition(".")[0])
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_log_that_grew_fits_its_earlier_checkpoint(log):
    before = log.fetch("checkpoint")
    assert log.findings(since=before) == []
    for number in range(10, 300):
        log.publish(subject(number), {"a": 1})
    log.seal()
    assert log.findings(since=before) == []


def test_a_log_may_grow_from_nothing(tmp_path):
    log = Log(tmp_path)
    log.seal()
    before = log.fetch("checkpoint")
    log.publish(subject(1), {"a": 1})
    log.seal()
    assert log.findings(since=before) == []


def test_a_rewritten_past_a_shrunk_log_and_two_roots_are_split_views(log, tmp_path):
    other = Log(tmp_path / "other", log.key)
    other.publish(subject(1), {"a": 2})
    other.seal()
    assert any(
        "split view: the log does not begin with the 1 entries" in one
        for one in log.findings(since=other.fetch("checkpoint"))
    )
    assert any("the log has shrunk" in one for one in other.findings(since=log.fetch("checkpoint")))
    fork = bytes(sign_checkpoint(Checkpoint(ORIGIN, log.edge.size, bytes(32)), log.key))
    assert any("split view: two roots are signed for 7 entries" in one for one in log.findings(since=fork))


def test_a_key_of_another_log_is_no_key_of_this_one(log):
    stranger = generate_key("elsewhere.example")
    log.write("checkpoint", bytes(sign_checkpoint(log.checkpoint, log.key, stranger)))
    assert log.findings() == []
    keys = [standalone.Key.parse(log.vkey), standalone.Key.parse(str(stranger.verifier))]
    (finding,) = standalone.verify(standalone.Directory(log.folder), keys).findings
    assert "elsewhere.example" in finding
    assert "is no key of that log" in finding


def test_an_earlier_checkpoint_has_to_be_signed_too(log):
    forged = bytes(sign_checkpoint(log.checkpoint, generate_key(ORIGIN)))
    assert any("the earlier checkpoint is not signed" in one for one in log.findings(since=forged))


def test_witnesses_have_to_have_cosigned(log):
    witness = generate_key("witness.example/w1", COSIGNATURE)
    key = standalone.Key.parse(str(witness.verifier))
    assert any("is not cosigned by witness.example/w1" in one for one in log.findings(witnesses=[key]))
    note = parse_note(log.fetch("checkpoint"))
    at = datetime(2027, 5, 1, tzinfo=UTC)
    log.write("checkpoint", bytes(note.with_signatures(cosign(log.checkpoint, witness, at))))
    assert log.findings(witnesses=[key]) == []
    log.write("checkpoint", bytes(note.with_signatures(cosign(Checkpoint(ORIGIN, 8, bytes(32)), witness, at))))
    assert any("cosignature of witness.example/w1" in one for one in log.findings(witnesses=[key]))


def test_the_office_checks_itself_with_the_same_functions(log):
    def lines():
        return log.fetch("publications").splitlines(keepends=True)

    assert verify_log(log.fetch, lines, [log.key.verifier], since=log.fetch("checkpoint")).findings == []
    assert verify_log(log.fetch, list, [log.key.verifier]).findings != []


def run(*arguments, cwd):
    """The file alone, copied away from the office's software, in an interpreter that takes nothing from its surroundings."""
    shutil.copy(FILE, cwd / "check.py")
    return subprocess.run(
        [sys.executable, "-I", "check.py", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_command_line_says_what_it_checked_and_keeps_the_checkpoint(log, tmp_path):
    log.append(statements.key(ORIGIN, log.vkey, T0))
    log.seal()
    done = run(log.folder, "--key", log.vkey, "--save", "kept", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "checked 8 entries, 1 tile, 4 documents with 44 values" in done.stdout
    assert f"entry 7 makes {log.vkey} the key of {ORIGIN}" in done.stdout
    assert "1 redactions in the log, of 1 subjects" in done.stdout
    assert f"all fits: {ORIGIN} at 8 entries, root {log.edge.root().hex()}" in done.stdout
    assert (tmp_path / "kept").read_bytes() == log.fetch("checkpoint")
    assert run(log.folder, "--key", log.vkey, "--since", "kept", cwd=tmp_path).returncode == 0


def test_the_command_line_names_what_does_not_fit_and_exits_1(log, tmp_path):
    log.write("publications", log.fetch("publications").replace(b"System 3", b"System\\u001b4"))
    done = run(log.folder, "--key", log.vkey, "--save", "kept", cwd=tmp_path)
    assert done.returncode == 1
    assert (
        "DOES NOT FIT: entry EU-2027-000003, version 1: /name differs from what the log says of it (entry 2)"
        in done.stderr
    )
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("key", ["", "no key", "a+00000000+AAAA"])
def test_the_command_line_called_wrongly_exits_2(log, tmp_path, key):
    done = run(log.folder, "--key", key, cwd=tmp_path)
    assert (done.returncode, "verifier key" in done.stderr) == (2, True)


def test_what_is_printed_cannot_steer_a_terminal(log, capsys):
    log.append(statements.key(ORIGIN, "\x1b[2J", T0))
    log.seal()
    assert standalone.main([str(log.folder), "--key", log.vkey]) == 1
    said = capsys.readouterr()
    assert "is not a verifier key" in said.err
    assert "\x1b" not in said.out + said.err


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        if self.path.startswith("/broken"):
            self.send_error(503)
        else:
            super().do_GET()


@pytest.fixture
def address(log):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=log.folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_reads_a_log_from_an_address(log, address, tmp_path, capsys):
    assert standalone.main([f"{address}/", "--key", log.vkey]) == 0
    (log.folder / "publications").unlink()
    assert standalone.main([address, "--key", log.vkey]) == 1
    assert standalone.main([f"{address}/broken", "--key", log.vkey]) == 3
    assert "status 503" in capsys.readouterr().err


def test_an_address_where_nobody_answers_is_not_taken_for_a_log_that_does_not_fit(log, capsys):
    assert standalone.main(["http://127.0.0.1:9", "--key", log.vkey]) == 3
    said = capsys.readouterr()
    assert "could not be read" in said.err
    assert "DOES NOT FIT" not in said.err
    assert standalone.verify(standalone.Website("http://127.0.0.1:9"), []).findings, "no caller takes it for well"


def test_what_does_not_fit_outweighs_what_could_not_be_read(log, capsys):
    class Failing(standalone.Directory):
        def lines(self, path):
            raise ConnectionResetError("gone")

    witness = generate_key("w.example/w", COSIGNATURE).verifier
    keys = [standalone.Key.parse(log.vkey)]
    report = standalone.verify(Failing(log.folder), keys, witnesses=[standalone.Key.parse(str(witness))])
    assert [report.only_unread, bool(report.unread)] == [False, True]
    assert standalone.verify(Failing(log.folder), keys).only_unread


@pytest.mark.parametrize("kept", [b"", b"gossip", b"{}", b'{"checkpoint": 3}', b"[]"])
def test_a_file_of_since_that_is_no_checkpoint_is_a_command_misread(log, tmp_path, kept):
    (tmp_path / "kept").write_bytes(kept)
    done = run(log.folder, "--key", log.vkey, "--since", "kept", cwd=tmp_path)
    assert (done.returncode, "not a signed note" in done.stderr) == (2, True)


def test_without_the_package_it_says_how_to_get_it(log, tmp_path):
    (tmp_path / "cryptography.py").write_text("")
    code = "import sys, runpy; sys.path.insert(0, '.'); runpy.run_path('check.py', run_name='__main__')"
    shutil.copy(FILE, tmp_path / "check.py")
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "This needs the package cryptography: python -m pip install cryptography\n"
