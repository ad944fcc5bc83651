"""The right to write into a run folder, held by one process at a time, whether of this package or of `latent`."""

import atexit
import fcntl
import os
import pathlib
import socket
import time

from .errors import LatentError


class RunLock:
    """A flock on the file `lock`, which names the holder. The system gives it back however the process ends.

    `patience`: seconds to wait for a process that is just ending.
    """

    def __init__(self, folder, patience=0.0):
        self.path = pathlib.Path(folder, "lock")
        limit = time.monotonic() + patience
        while (descriptor := self._take()) is None:
            if time.monotonic() > limit:
                raise LatentError(
                    "another process is writing this run", folder, found="process " + " on ".join(self._holder()),
                    remedy="wait for it to end, or train into another folder")
            time.sleep(0.1)
        self.descriptor = descriptor
        # Also after an error: a file that is left looks like a run that is being written.
        atexit.register(self.release)

    def _take(self):
        """The descriptor that holds the lock; None if somebody else has it."""
        while True:
            try:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
            except OSError as error:
                raise LatentError("cannot lock the run", self.path, found=error.strerror) from None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return None
            except OSError:
                return descriptor  # a file system without locks: written to without one
            # The former holder may have removed the file in between: then this is the lock of a file that is gone.
            try:
                if os.fstat(descriptor).st_ino == os.stat(self.path).st_ino:
                    os.ftruncate(descriptor, 0)
                    os.pwrite(descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
                    return descriptor
            except OSError:
                pass
            os.close(descriptor)

    def _holder(self):
        try:
            return self.path.read_text(errors="replace").split()[:2] or ["?"]
        except OSError:
            return ["?"]

    def release(self):
        """Gives the lock back. The file goes first, so that nobody else's is removed."""
        if self.descriptor is not None:
            self.path.unlink(missing_ok=True)
            os.close(self.descriptor)
        self.descriptor = None
