"""The zygote: an interpreter with the standard library loaded that forks workers, each for one call.

It never sees a call. The service asks for a worker over the control socket (descriptor 3, messages) and is given the
worker's socket, the reading end of its output and a handle of its process; from then on the two talk directly.

Messages to it:   S number                      make a worker
Messages from it: I {json}, [own handle]        it is ready
                  W number, [socket, output, handle]
                  F number text                 a worker could not be made
                  X number status µs KiB        a worker ended: wait status, processor time, peak memory
"""

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
NUMBER, PAIR, ENDING = struct.Struct("<Q"), struct.Struct("@2i"), struct.Struct("<cQiQQ")
STATUS, USAGE = struct.Struct("@i"), struct.Struct("@5q")
# Handles of workers, which stay, above all that come and go.
FIRST_HANDLE = 64

READABLE = select.EPOLLIN
call, take, fork = kernel.call, kernel.take, kernel.fork
DUPLICATE = kernel.F_DUPFD_CLOEXEC
READ, WRITE, CLOSE = (kernel.NUMBERS[name] for name in ("read", "write", "close"))
WAIT, CONTROL_DESCRIPTOR, OPEN_HANDLE = (kernel.NUMBERS[name] for name in ("wait4", "fcntl", "pidfd_open"))


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


class Descriptors:
    """The numbers that the descriptors for a worker have while it is made: the same ones each time."""

    def __init__(self):
        self.socket, self.workers_socket = free = os.dup(CONTROL), os.dup(CONTROL)
        self.output, self.printed = pipe = os.dup(CONTROL), os.dup(CONTROL)
        self.handle = os.dup(CONTROL)
        self.all = *free, *pipe, self.handle
        for number in self.all:
            os.close(number)

    def close(self):
        """Closes them all: mostly they follow one another."""
        low, high = min(self.all), max(self.all)
        if high - low < len(self.all):
            return [kernel.step("close_range", low, high)]
        return [kernel.step("close_range", number, number) for number in self.all]


class Zygote:
    def __init__(self, configuration, filters):
        self.plan = worker.Plan(configuration, filters)
        # By their handle: number of the service's and of the process.
        self.workers = {}
        self.has_forked = False
        self.received = kernel.Memory(bytes(64))
        self.ended = kernel.Memory(bytes(ENDING.size))
        # Of a process that ended: its status; its times, of whose kinds the fifth number is the memory.
        self.status, self.usage = kernel.Memory(bytes(STATUS.size)), kernel.Memory(bytes(144))

    def start(self, settle):
        own_handle = kernel.result("pidfd_open", os.getpid())
        poll = select.epoll()
        self.poll, self.watch, self.forget = poll.poll, poll.register, poll.unregister
        self.watch(CONTROL, READABLE)
        self.plan.open()
        self.prepare(own_handle, Descriptors())
        settle()
        self.plan.base = address_space_in_use()
        magic = int.from_bytes(importlib.util.MAGIC_NUMBER, "little")
        about = {"landlock": self.plan.landlock_version, "magic": magic, "base": self.plan.base}
        ready = kernel.Message(b"I" + json.dumps(about).encode(), own_handle)
        take(kernel.prepared([ready.send(CONTROL)]))
        self.loop()

    def prepare(self, own_handle, numbers):
        self.plan.start(numbers.workers_socket, numbers.printed)
        self.handle = numbers.handle
        self.sockets, self.pipe = kernel.Memory(bytes(PAIR.size)), kernel.Memory(bytes(PAIR.size))
        self.expected = PAIR.pack(*numbers.all[:2]) + PAIR.pack(*numbers.all[2:4])
        steps = [
            kernel.step("socketpair", socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC, 0, self.sockets.address),
            kernel.step("pipe2", self.pipe.address, os.O_CLOEXEC),
            # The service reads what there is, and waits for nobody.
            kernel.step("fcntl", numbers.output, kernel.F_SETFL, os.O_NONBLOCK),
        ]
        enter, leave = [], []
        if self.plan.has_namespaces:
            enter = [kernel.step("unshare", kernel.CLONE_NEWPID)]
            # A process may enter a new namespace below its own only: back to its own first.
            leave = [kernel.step("setns", own_handle, kernel.CLONE_NEWPID)]
        self.first_steps, self.steps = kernel.prepared(steps + enter), kernel.prepared(steps + leave + enter)
        self.made = kernel.Message(b"W" + NUMBER.pack(0), numbers.socket, numbers.output, numbers.handle)
        self.tell = kernel.prepared([self.made.send(CONTROL)])
        self.close = kernel.prepared(numbers.close())

    def loop(self):
        while True:
            for descriptor, _ in self.poll():
                if descriptor == CONTROL:
                    self.receive()
                else:
                    self.report_ended(descriptor)

    def receive(self):
        length = call(READ, CONTROL, self.received.address, 64, 0, 0)
        if length <= 0:
            # The service is gone, or done with this interpreter. Workers die with their parent.
            os._exit(0)
        if length < 1 + NUMBER.size:
            return
        (number,) = NUMBER.unpack_from(self.received.buffer, 1)
        try:
            self.make_worker(number)
        except OSError as error:
            self.send(b"F" + NUMBER.pack(number) + str(error).encode()[:512])
        take(self.close)

    def make_worker(self, number):
        take(self.steps if self.has_forked else self.first_steps)
        self.has_forked = True
        if self.sockets.buffer.raw + self.pipe.buffer.raw != self.expected:
            raise OSError("descriptors have other numbers than expected")
        process = fork()
        if process == 0:
            worker.run(self.plan)
        if process < 0:
            raise OSError("the system makes no process")
        if call(OPEN_HANDLE, process, 0, 0, 0, 0) != self.handle:
            raise OSError("there is no handle of a process")
        kept = call(CONTROL_DESCRIPTOR, self.handle, DUPLICATE, FIRST_HANDLE, 0, 0)
        if kept < 0:
            raise OSError("too many descriptors are open")
        self.workers[kept] = number, process
        self.watch(kept, READABLE)
        NUMBER.pack_into(self.made.content.buffer, 1, number)
        take(self.tell)

    def report_ended(self, handle):
        # No signal tells of it: a handler would be the workers' too.
        number, process = self.workers.pop(handle)
        # The service has it as well: closing ours alone would not take it from the list.
        self.forget(handle)
        call(CLOSE, handle, 0, 0, 0, 0)
        call(WAIT, process, self.status.address, 0, self.usage.address, 0)
        (status,) = STATUS.unpack_from(self.status.buffer)
        user, user_rest, system, system_rest, memory = USAGE.unpack_from(self.usage.buffer)
        microseconds = (user + system) * 1_000_000 + user_rest + system_rest
        ENDING.pack_into(self.ended.buffer, 0, b"X", number, status, microseconds, memory)
        self.send_from(self.ended.address, ENDING.size)

    def send(self, message):
        memory = kernel.Memory(message)
        self.send_from(memory.address, len(message))

    def send_from(self, address, length):
        if call(WRITE, CONTROL, address, length, 0, 0) != length:
            os._exit(0)


def main(configuration, filters, settle):
    Zygote(configuration, filters).start(settle)
