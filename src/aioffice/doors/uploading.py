"""Large files on their way in: no byte of them lies on the disk in the clear, not even while they arrive.

Django keeps small uploads in memory and writes large ones into the folder for temporary files. Here that file has no name and is
sealed with a key that never leaves this process: what is left of it after a crash, nobody can read.
"""

from __future__ import annotations

import os
import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from aioffice.kernel.documents.sealing import KEY_BYTES, Keyring, Sealer, unsealed

_UNNAMED = "00" * 32
"""A sealed file is bound to the hash of its content; this one is read by whoever wrote it, and needs no name."""


class SealedUploadHandler(FileUploadHandler):
    """Keeps a file that is too large for memory in a nameless, sealed temporary file; it goes when the request ends."""

    _file: IO[bytes] | None = None

    def new_file(self, *args: Any, **more: Any) -> None:
        """Begin a file: with a key of its own."""
        super().new_file(*args, **more)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request, or when the upload breaks off
        self._keyring = Keyring((os.urandom(KEY_BYTES),))
        self._sealer = Sealer(self._file, self._keyring)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take some more of it; no other handler needs to."""
        self._sealer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The whole file, as whoever reads it expects it."""
        assert self._file is not None, "Django begins a file before it ends it"
        self._sealer.finish(_UNNAMED)
        self._file.seek(0)
        content = unsealed(self._file, self._keyring, _UNNAMED)  # type: ignore[arg-type]  # as above
        return UploadedFile(
            content, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        """The connection broke off: let go of what came."""
        if self._file is not None:
            self._file.close()
