"""The zygote: an interpreter with the standard library loaded that forks workers, each for one call.

It never sees a call. The service asks for a worker over the control socket (descriptor 3, messages) and is given the
worker's socket, the reading end of its output and a handle of its process; from then on the two talk directly.

Messages to it:   S number                      make a worker
Messages from it: I {json}, [own handle]        it is ready
                  W number, [socket, output, handle]
                  F number text                 a worker could not be made
                  X number status µs KiB        a worker ended: wait status, processor time, peak memory
"""

import _socket
import array
import gc
import importlib
import importlib.util
import json
import mmap
import os
import resource
import select
import socket
import struct

import kernel
import worker

CONTROL = 3
NUMBER, ENDING = struct.Struct("<Q"), struct.Struct("<QiQQ")

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
        self.control = socket.socket(fileno=CONTROL)
        self.plan = worker.Plan(configuration, filters)
        self.own_handle = kernel.pidfd_open(os.getpid())
        # A process may enter a new namespace below its own only: back to its own first.
        self.namespace = [
            kernel.step("setns", self.own_handle, kernel.CLONE_NEWPID),
            kernel.step("unshare", kernel.CLONE_NEWPID),
        ]
        self.has_forked = False
        # By their handle: number of the service's and of the process.
        self.workers = {}
        self.poll = select.poll()

    def start(self):
        self.plan.start()
        # What is here now is never looked at again by a collection, which would copy every page of it in every worker.
        gc.collect()
        gc.freeze()
        kernel.pack_heap()
        kernel.use_huge_pages()
        self.plan.base = address_space_in_use()
        magic = int.from_bytes(importlib.util.MAGIC_NUMBER, "little")
        about = {"landlock": self.plan.landlock_version, "magic": magic, "base": self.plan.base}
        self.send(b"I" + json.dumps(about).encode(), [self.own_handle])
        self.loop()

    def loop(self):
        self.poll.register(CONTROL, select.POLLIN)
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == CONTROL:
                    self.receive()
                else:
                    self.report_ended(descriptor)

    def receive(self):
        try:
            message = self.control.recv(64)
        except OSError:
            message = b""
        if not message:
            # The service is gone, or done with this interpreter. Workers die with their parent.
            os._exit(0)
        if message[:1] == b"S":
            (number,) = NUMBER.unpack_from(message, 1)
            try:
                self.make_worker(number)
            except OSError as error:
                self.send(b"F" + NUMBER.pack(number) + str(error).encode()[:512])

    def make_worker(self, number):
        own, theirs = _socket.socketpair()
        output, printed = os.pipe()
        # The service reads what there is, and waits for nobody.
        os.set_blocking(output, False)
        try:
            if self.plan.has_namespaces:
                kernel.take(self.namespace if self.has_forked else self.namespace[1:])
                self.has_forked = True
            process = kernel.fork()
            if process == 0:
                worker.run(self.plan, theirs.fileno(), printed)
            if process < 0:
                raise OSError("the system makes no process")
            handle = kernel.pidfd_open(process)
            self.workers[handle] = (number, process)
            self.poll.register(handle, select.POLLIN)
            self.send(b"W" + NUMBER.pack(number), [own.fileno(), output, handle])
        finally:
            own.close()
            theirs.close()
            os.close(output)
            os.close(printed)

    def report_ended(self, handle):
        # No signal tells of it: a handler would be the workers' too.
        number, process = self.workers.pop(handle)
        self.poll.unregister(handle)
        os.close(handle)
        _, status, usage = os.wait4(process, 0)
        microseconds = int((usage.ru_utime + usage.ru_stime) * 1e6)
        self.send(b"X" + ENDING.pack(number, status, microseconds, usage.ru_maxrss))

    def send(self, message, descriptors=()):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            self.control.sendmsg([message], rights)
        except OSError:
            os._exit(0)


def main(configuration, filters):
    preload()
    Zygote(configuration, filters).start()
