"""A worker: a process that seals itself, runs one call, answers once and ends.

What can be done before the call is known is done ahead of need. What depends on the call (workspace, limits) is done
from the service's own settings, before anything of the code, its arguments included, is looked at.

On its socket (descriptor 3) it writes: `R` when it is ready; `L` with the filter's listener, or without when there is
none; then one frame: lengths of header and body (4 bytes each), header (JSON), body. Before `L`, `E` and a text say
that it could not be sealed.
"""

import json
import os
import resource
import signal
import socket
import struct
import sys
from array import array

import code_runner
import kernel

SOCKET = 3
HEADER = struct.Struct("<5I")
OWN_PROCESS_MARK = struct.pack("<I", 0x5A5A5A5A)
MEBIBYTE = 1 << 20


def prepare():
    """Loads what the first call would load."""
    json.dumps({"a": [1.5, "ü"]}, allow_nan=False, ensure_ascii=False)
    json.loads("[]")
    code_runner.prepare()


def run(zygote, own_socket, printed):
    """Is the worker; does not return."""
    try:
        Worker(zygote).run(own_socket, printed)
    except BaseException as error:
        try:
            os.write(SOCKET, b"E" + f"{type(error).__name__}: {error}".encode(errors="replace")[:512])
        except OSError:
            pass
    os._exit(70)


class Worker:
    def __init__(self, zygote):
        self.zygote = zygote
        self.configuration = zygote.configuration
        self.rules = None

    def run(self, own_socket, printed):
        self.take_descriptors(own_socket, printed)
        self.limit_ahead()
        self.isolate()
        code_runner.rehearse()
        os.write(SOCKET, b"R")
        settings, parts = self.receive()
        self.seal(settings)
        answer = code_runner.answer(settings, parts)
        self.send(*answer)
        # To be killed: as long as it is there, the kernel can be asked what it used.
        while os.read(SOCKET, 1):
            pass
        os._exit(0)

    # Ahead of need

    def take_descriptors(self, own_socket, printed):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kernel.die_with_parent()
        # Out of the way first: the numbers may overlap.
        own_socket, printed = os.dup(own_socket), os.dup(printed)
        os.dup2(own_socket, SOCKET)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        kernel.close_from(SOCKET + 1)

    def limit_ahead(self):
        for kind, value in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, 128),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_NPROC, 1024),
            (resource.RLIMIT_STACK, 8 * MEBIBYTE),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_RTPRIO, 0),
            (resource.RLIMIT_SIGPENDING, 64),
        ):
            limit(kind, value)

    def isolate(self):
        if self.configuration["isolation"] == "none":
            return
        if self.zygote.has_namespaces:
            kernel.unshare(kernel.CLONE_NEWNS)
            kernel.mount_memory(b"/tmp", b"size=%d,mode=1777,nr_inodes=4096" % self.configuration["temporaryBytes"])
        if self.zygote.landlock > 0:
            self.rules = kernel.Landlock(self.zygote.landlock)
            for path in self.configuration["readable"]:
                if os.path.exists(path):
                    self.rules.allow(path, kernel.READ)
            self.rules.allow("/dev/null", kernel.WRITE_DEVICE)
            if self.zygote.has_namespaces:
                self.rules.allow("/tmp", kernel.WRITE)
        kernel.limit_capabilities()

    # The call

    def receive(self):
        """The service's settings, and the four parts of the call as they came: code, bytecode, arguments, context."""
        lengths = HEADER.unpack(read(HEADER.size))
        settings = json.loads(read(lengths[0]))
        return settings, [read(length) for length in lengths[1:]]

    def seal(self, settings):
        if self.configuration["isolation"] == "none":
            os.chdir(self.configuration["workspace"] if settings["workspace"] != "none" else "/")
            self.limit(settings)
            os.write(SOCKET, b"L")
            return
        self.bind_workspace(settings["workspace"])
        kernel.refuse_new_privileges()
        if self.rules:
            self.rules.enter()
        kernel.drop_capabilities()
        self.limit(settings)
        self.filter()

    def bind_workspace(self, grant):
        is_granted = grant != "none"
        if not self.zygote.has_namespaces:
            workspace = self.configuration["workspace"] if is_granted else "/"
        else:
            workspace = "/workspace"
            if is_granted:
                kernel.move_mount(b"/.workspace", b"/workspace", grant == "read_only")
            elif self.configuration["workspace"]:
                # Nothing can be seen of it.
                kernel.mount_memory(b"/.workspace", b"size=4096,mode=0,nr_inodes=1")
        os.chdir(workspace)
        if self.rules and (is_granted or self.zygote.has_namespaces):
            self.rules.allow(workspace, kernel.WRITE if grant == "writable" else kernel.READ)

    def limit(self, settings):
        # Without fork, memfd and shared memory, and with a sized /tmp, this is all the memory that there is.
        memory = self.zygote.base + settings["memory"]
        limit(resource.RLIMIT_AS, memory)
        limit(resource.RLIMIT_DATA, memory)
        limit(resource.RLIMIT_FSIZE, settings["file"])
        limit(resource.RLIMIT_CPU, settings["processor"])

    def filter(self):
        listening, quiet = self.zygote.filters
        own = struct.pack("<I", os.getpid())
        # Before the filter: making it asks what kind of socket it is.
        channel = socket.socket(fileno=SOCKET)
        try:
            listener = kernel.install_filter(listening.replace(OWN_PROCESS_MARK, own), True)
        except OSError:
            # An old kernel, or a container whose own filter has the one listener that there can be.
            kernel.install_filter(quiet.replace(OWN_PROCESS_MARK, own), False)
            channel.sendmsg([b"L"])
        else:
            channel.sendmsg([b"L"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [listener]))])
            os.close(listener)
        channel.detach()

    def send(self, header, body):
        text = json.dumps(header, ensure_ascii=True).encode()
        rest = memoryview(struct.pack("<cII", b"A", len(text), len(body)) + text + body)
        while rest:
            rest = rest[os.write(SOCKET, rest):]


def limit(kind, value):
    """Sets a limit that cannot be raised again, unless a lower one is there already."""
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def read(length):
    """Exactly so many bytes; the process ends if there are none, as the service needs it no longer."""
    content = bytearray()
    while len(content) < length:
        part = os.read(SOCKET, min(length - len(content), MEBIBYTE))
        if not part:
            os._exit(0)
        content += part
    return bytes(content)
