"""The zygote: an interpreter with the standard library loaded that forks workers, each for one call.

It never sees a call. The service asks for a worker over the control socket (descriptor 3, messages) and is given the
worker's socket, the reading end of its output and a handle of its process; from then on the two talk directly.

Messages to it:   S number                      make a worker
Messages from it: I {json}, [own handle]        it is ready
                  W number, [socket, output, handle]
                  F number text                 a worker could not be made
                  X number status µs KiB        a worker ended: wait status, processor time, peak memory
"""

import array
import gc
import importlib
import importlib.util
import json
import mmap
import os
import resource
import select
import signal
import socket
import struct

import kernel
import worker

CONTROL = 3

PRELOADED = """
abc array ast asyncio base64 binascii bisect calendar cmath collections collections.abc contextlib contextvars copy csv
dataclasses datetime decimal difflib enum fractions functools hashlib heapq hmac html html.parser inspect io ipaddress
itertools json keyword linecache math numbers operator pathlib pprint queue random re reprlib secrets statistics string
struct tempfile textwrap threading time tokenize traceback types typing unicodedata urllib.parse uuid weakref
xml.etree.ElementTree zlib zoneinfo _strptime encodings.idna encodings.latin_1 encodings.ascii concurrent.futures
concurrent.futures.thread
""".split()


def preload():
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            # A distribution may have split the library: what is not there is not to be had in a call either.
            pass


def address_space_in_use():
    """The size of the process's address space in bytes; there is no /proc to ask."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 1 << 20, 16 << 30
    while high - low > 1 << 16:
        middle = (low + high) // 2
        try:
            resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
            mmap.mmap(-1, 1 << 16).close()
            high = middle
        except (OSError, ValueError, MemoryError):
            low = middle
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high


class Zygote:
    def __init__(self, configuration, filters):
        self.configuration = configuration
        self.filters = filters
        self.control = socket.socket(fileno=CONTROL)
        self.has_namespaces = configuration["isolation"] == "namespaces"
        self.landlock = kernel.landlock_version() if configuration["isolation"] != "none" else 0
        self.own_handle = kernel.pidfd_open(os.getpid())
        self.has_forked = False
        self.numbers = {}

    def start(self):
        wakes, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        self.base = address_space_in_use()
        worker.prepare()
        # What is here now is never looked at again by a collection, which would copy every page of it in every worker.
        gc.collect()
        gc.freeze()
        magic = int.from_bytes(importlib.util.MAGIC_NUMBER, "little")
        about = {"landlock": self.landlock, "magic": magic, "base": self.base}
        self.send(b"I" + json.dumps(about).encode(), [self.own_handle])
        self.loop(wakes)

    def loop(self, wakes):
        poll = select.poll()
        poll.register(CONTROL, select.POLLIN)
        poll.register(wakes, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == wakes:
                    try:
                        os.read(wakes, 512)
                    except BlockingIOError:
                        pass
                    self.report_ended()
                else:
                    self.receive()

    def receive(self):
        try:
            message = self.control.recv(64)
        except OSError:
            message = b""
        if not message:
            # The service is gone, or done with this interpreter. Workers die with their parent.
            os._exit(0)
        if message[:1] == b"S":
            (number,) = struct.unpack_from("<Q", message, 1)
            try:
                self.make_worker(number)
            except OSError as error:
                self.send(b"F" + struct.pack("<Q", number) + str(error).encode()[:512])

    def make_worker(self, number):
        own, theirs = socket.socketpair()
        output, printed = os.pipe()
        # The service reads what there is, and waits for nobody.
        os.set_blocking(output, False)
        opened = [output, printed]
        try:
            if self.has_namespaces:
                # A process may enter a new namespace below its own only: back to its own first.
                if self.has_forked:
                    kernel.setns(self.own_handle, kernel.CLONE_NEWPID)
                kernel.unshare(kernel.CLONE_NEWPID)
                self.has_forked = True
            process = os.fork()
            if process == 0:
                worker.run(self, theirs.detach(), printed)
            handle = kernel.pidfd_open(process)
            opened.append(handle)
            self.numbers[process] = number
            self.send(b"W" + struct.pack("<Q", number), [own.fileno(), output, handle])
        finally:
            own.close()
            theirs.close()
            for descriptor in opened:
                os.close(descriptor)

    def report_ended(self):
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            number = self.numbers.pop(process, None)
            if number is None:
                continue
            microseconds = int((usage.ru_utime + usage.ru_stime) * 1e6)
            self.send(b"X" + struct.pack("<QiQQ", number, status, microseconds, usage.ru_maxrss))

    def send(self, message, descriptors=()):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            self.control.sendmsg([message], rights)
        except OSError:
            os._exit(0)


def main(configuration, filters):
    preload()
    Zygote(configuration, filters).start()
