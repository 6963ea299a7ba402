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
import socket
import struct
from array import array

import code_runner
import kernel

SOCKET, RULES = 3, 4
HEADER = struct.Struct("<5I")
OWN_PROCESS_MARK = struct.pack("<I", 0x5A5A5A5A)
KIBIBYTE, MEBIBYTE = 1 << 10, 1 << 20

encode = json.JSONEncoder().encode


LIMITS_OF_WORKERS = (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE)
LIMITS_OF_CALLS = (resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)


def run(plan, own_socket, printed):
    """Is the worker; does not return."""
    try:
        Worker(plan).run(own_socket, printed)
    except BaseException as error:
        try:
            os.write(SOCKET, b"E" + f"{type(error).__name__}: {error}".encode(errors="replace")[:512])
        except OSError:
            pass
    os._exit(70)


class Plan:
    """What is the same for every worker, made once: a worker copies each page that it writes to."""

    def __init__(self, configuration, filters, base):
        self.configuration = configuration
        self.base = base
        self.is_isolated = configuration["isolation"] != "none"
        self.has_namespaces = configuration["isolation"] == "namespaces"
        self.landlock_version = kernel.landlock_version() if self.is_isolated else 0
        self.temporary = b"size=%d,mode=1777,nr_inodes=4096" % configuration["temporaryBytes"]
        self.filters = filters
        # In a process namespace of its own, a worker is process 1.
        self.prepared_filters = self.filters_for(1) if self.has_namespaces else None
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, SOCKET)
        self.hard_limits = {}

    def filters_for(self, process):
        own = struct.pack("<I", process)
        return [kernel.Filter(instructions.replace(OWN_PROCESS_MARK, own)) for instructions in self.filters]

    def start(self):
        """Brings the parent of the workers into the state that they begin with."""
        # A handle of each worker, also of those that are on their way out.
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for kind, value in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_STACK, 8 * MEBIBYTE),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_RTPRIO, 0),
            (resource.RLIMIT_SIGPENDING, 64),
        ):
            self.limit(kind, value)
        if self.is_isolated:
            kernel.refuse_new_privileges()
            kernel.limit_capabilities()
        self.landlock = self.allowed_paths() if self.landlock_version > 0 else None

    def allowed_paths(self):
        paths = kernel.Landlock(self.landlock_version)
        known = []
        for path in self.configuration["readable"]:
            place = os.path.realpath(path)
            if not any(place.startswith(root + "/") for root in known):
                known.append(place)
                paths.add(path, kernel.READ)
        paths.add("/dev/null", kernel.WRITE_DEVICE)
        return paths

    def limit(self, kind, value):
        """Sets a limit that cannot be raised again, unless a lower one is there already."""
        hard = self.hard_limits.get(kind)
        if hard is None:
            hard = self.hard_limits[kind] = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))

    def rehearse(self):
        """Does what workers will do, as far as it goes here."""
        for kind in (*LIMITS_OF_WORKERS, *LIMITS_OF_CALLS):
            self.hard_limits[kind] = resource.getrlimit(kind)[1]
        code_runner.prepare()


class Worker:
    def __init__(self, plan):
        self.plan = plan
        self.configuration = plan.configuration
        self.rules = None

    def run(self, own_socket, printed):
        self.take_descriptors(own_socket, printed)
        self.isolate()
        os.write(SOCKET, b"R")
        settings, parts = self.receive()
        self.seal(settings)
        self.send(*code_runner.answer(settings, parts))
        # To be killed: as long as it is there, the kernel can be asked what it used.
        while os.read(SOCKET, 1):
            pass
        os._exit(0)

    # Ahead of need

    def take_descriptors(self, own_socket, printed):
        kernel.die_with_parent()
        # Numbers that were given after the control socket's, which is the socket's here.
        os.dup2(own_socket, SOCKET, False)
        os.dup2(printed, 1)
        os.dup2(printed, 2)

    def isolate(self):
        plan = self.plan
        if plan.has_namespaces:
            kernel.unshare(kernel.CLONE_NEWNS)
            kernel.mount_memory(b"/tmp", plan.temporary)
        if plan.landlock:
            self.rules = plan.landlock
            self.rules.make()
            if plan.has_namespaces:
                self.rules.allow("/tmp", kernel.WRITE)
            os.dup2(self.rules.rules, RULES, False)
            self.rules.rules = RULES
        kernel.close_from(RULES + 1 if self.rules else RULES)
        plan.limit(resource.RLIMIT_NPROC, 1024)
        plan.limit(resource.RLIMIT_NOFILE, 128)

    # The call

    def receive(self):
        """The service's settings, and the four parts of the call as they came: code, bytecode, arguments, context."""
        content = bytearray()
        ends = end = HEADER.size
        while len(content) < end:
            part = os.read(SOCKET, max(64 * KIBIBYTE, min(end - len(content), MEBIBYTE)))
            if not part:
                # The service needs it no longer.
                os._exit(0)
            content += part
            if ends == end and len(content) >= end:
                lengths = HEADER.unpack_from(content)
                end += sum(lengths)
        parts = []
        for length in lengths:
            parts.append(bytes(content[ends:ends + length]))
            ends += length
        return code_runner.decoded(parts[0]), parts[1:]

    def seal(self, settings):
        if not self.plan.is_isolated:
            os.chdir(self.configuration["workspace"] if settings["workspace"] != "none" else "/")
            self.limit(settings)
            os.write(SOCKET, b"L")
            return
        self.bind_workspace(settings["workspace"])
        if self.rules:
            self.rules.enter()
        kernel.drop_capabilities()
        self.limit(settings)
        self.filter()

    def bind_workspace(self, grant):
        is_granted = grant != "none"
        if not self.plan.has_namespaces:
            workspace = self.configuration["workspace"] if is_granted else "/"
        else:
            workspace = "/workspace"
            if is_granted:
                kernel.move_mount(b"/.workspace", b"/workspace", grant == "read_only")
            elif self.configuration["workspace"]:
                # Nothing can be seen of it.
                kernel.mount_memory(b"/.workspace", b"size=4096,mode=0,nr_inodes=1")
        os.chdir(workspace)
        if self.rules and (is_granted or self.plan.has_namespaces):
            self.rules.allow(workspace, kernel.WRITE if grant == "writable" else kernel.READ)

    def limit(self, settings):
        # Without fork, memfd and shared memory, and with a sized /tmp, this is all the memory that there is.
        memory = self.plan.base + settings["memory"]
        limit = self.plan.limit
        limit(resource.RLIMIT_AS, memory)
        limit(resource.RLIMIT_DATA, memory)
        limit(resource.RLIMIT_FSIZE, settings["file"])
        limit(resource.RLIMIT_CPU, settings["processor"])

    def filter(self):
        listening, quiet = self.plan.prepared_filters or self.plan.filters_for(os.getpid())
        try:
            listener = listening.install(True)
        except OSError:
            # An old kernel, or a container whose own filter has the one listener that there can be.
            quiet.install(False)
            self.plan.channel.sendmsg([b"L"])
        else:
            self.plan.channel.sendmsg([b"L"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [listener]))])
            os.close(listener)

    def send(self, header, body):
        # In ASCII: a message may have what is no Unicode.
        text = encode(header).encode()
        rest = memoryview(struct.pack("<cII", b"A", len(text), len(body)) + text + body)
        while rest:
            rest = rest[os.write(SOCKET, rest):]
