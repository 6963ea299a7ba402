"""A worker: a process that seals itself, runs one call, answers once and ends.

What can be done before the call is known is done ahead of need. What depends on the call (workspace, limits) is done
from the service's own settings, before anything of the code, its arguments included, is looked at.

On its socket (descriptor 3) it writes: `R` when it is ready; `L` with the filter's listener, or without when there is
none; then one frame: lengths of header and body (4 bytes each), header (JSON), body. Before `L`, `E` and a text say
that it could not be sealed.
"""

import _socket
import copy
import os
import resource
import struct

import code_runner
import kernel

SOCKET = 3
FIRST_FREE = SOCKET + 1
# The letter of the answer, and the lengths of its parts.
ANSWER = struct.Struct("<cII").pack
OWN_PROCESS_MARK = struct.pack("<I", 0x5A5A5A5A)
KIBIBYTE, MEBIBYTE = 1 << 10, 1 << 20

# Of the process that workers are forked from, as what it cannot have they cannot have.
INHERITED_LIMITS = (
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_MEMLOCK, 0),
    (resource.RLIMIT_STACK, 8 * MEBIBYTE),
    (resource.RLIMIT_MSGQUEUE, 0),
    (resource.RLIMIT_RTPRIO, 0),
    (resource.RLIMIT_SIGPENDING, 64),
)
# Of all workers together, as they are one user's. The service, which is asked for each thread, counts those of a call.
LIMITS_OF_WORKERS = ((resource.RLIMIT_NPROC, 4096), (resource.RLIMIT_NOFILE, 128))
LIMITS_OF_CALLS = (resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)
UNLIMITED = resource.RLIM_INFINITY
LIMITS = struct.Struct(f"@{2 * len(LIMITS_OF_CALLS)}Q")
# By the numbers that requests have for them.
GRANTS = ("none", "read_only", "writable")

REHEARSALS = 20

call, take, read, write = kernel.call, kernel.take, os.read, os.write
READ = kernel.NUMBERS["read"]


class Plan:
    """What every worker does, made once, before it is forked: see `kernel`."""

    def __init__(self, configuration, filters):
        self.configuration = configuration
        self.filters = filters
        # Address space of the process as it is; what a call may have is added to it.
        self.base = 0
        self.is_isolated = configuration["isolation"] != "none"
        self.has_namespaces = configuration["isolation"] == "namespaces"
        self.landlock_version = kernel.landlock_version() if self.is_isolated else 0

    def open(self):
        """Brings the process into the state that workers begin with, and opens what they use."""
        # A handle of each worker, also of those that are on their way out.
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for kind, value in INHERITED_LIMITS:
            value = self.lowered(kind, value)
            resource.setrlimit(kind, (value, value))
        if self.is_isolated:
            kernel.limit_privileges()
        self.landlock = self.opened_paths() if self.landlock_version > 0 else None

    def start(self, own_socket, printed):
        """Makes the steps that workers take, who have a socket and a pipe by these numbers."""
        self.ahead = kernel.prepared(self.steps_ahead(own_socket, printed))
        self.limits = kernel.Memory(bytes(LIMITS.size))
        self.hard_limits = [resource.getrlimit(kind)[1] for kind in LIMITS_OF_CALLS]
        self.seals = [self.steps_to_seal(grant) for grant in GRANTS]
        self.writable = [("/tmp/",), ("/tmp/",), ("/tmp/", f"{self.root}/")]
        # In a process namespace of its own, a worker is process 1.
        self.prepared_filters = self.filters_for(1) if self.has_namespaces else None
        self.byte = kernel.Memory(bytes(1))
        code_runner.prepare()
        rehearse(self)

    @property
    def root(self):
        """Where a granted workspace is."""
        return "/workspace" if self.has_namespaces else self.configuration["workspace"] or "/"

    def lowered(self, kind, value):
        """A limit, or the lower one that there is already."""
        hard = resource.getrlimit(kind)[1]
        return value if hard == UNLIMITED else min(value, hard)

    def opened_paths(self):
        paths = kernel.Landlock(self.landlock_version)
        known = []
        for path in self.configuration["readable"]:
            place = os.path.realpath(path)
            if not any(place.startswith(root + "/") for root in known):
                known.append(place)
                paths.open(path, kernel.READ)
        paths.open("/dev/null", kernel.WRITE_DEVICE)
        return paths

    # Ahead of need

    def steps_ahead(self, own_socket, printed):
        steps = [
            # Their numbers were given after the control socket's, which is the socket's here.
            kernel.step("dup3", own_socket, SOCKET, expected=SOCKET),
            kernel.step("dup3", printed, 1, expected=1),
            kernel.step("dup3", printed, 2, expected=2),
            kernel.step("prctl", kernel.PR_SET_PDEATHSIG, 9),
        ]
        if self.has_namespaces:
            options = f"size={self.configuration['temporaryBytes']},mode=1777,nr_inodes=4096"
            steps += [kernel.step("unshare", kernel.CLONE_NEWNS), kernel.mount_memory("/tmp", options)]
        if self.landlock:
            steps += self.rules_ahead()
        else:
            steps.append(kernel.step("close_range", FIRST_FREE, kernel.EVERYTHING))
        self.own_limits = [kernel.Memory(struct.pack("@QQ", *[self.lowered(*limit)] * 2)) for limit in LIMITS_OF_WORKERS]
        for (kind, _), content in zip(LIMITS_OF_WORKERS, self.own_limits):
            steps.append(kernel.step("prlimit64", 0, kind, content.address))
        return steps + [kernel.step("write", SOCKET, kernel.text("R"), 1, expected=1)]

    def rules_ahead(self):
        """Rules of Landlock; of all descriptors but the first ones their own stays."""
        kept = {descriptor for descriptor, _ in self.landlock.opened}
        free = [number for number in range(FIRST_FREE, max(kept, default=0) + 4) if number not in kept]
        self.rules = free[0]
        steps = [kernel.step("close_range", max(kept, default=SOCKET) + 1, kernel.EVERYTHING)]
        # Numbers between those that are kept may be in use here.
        steps += [kernel.step("close_range", number, number) for number in free if number < max(kept, default=0)]
        steps += self.landlock.make(self.rules)
        if self.has_namespaces:
            steps += self.landlock.allow(self.rules, "/tmp", kernel.WRITE, free[1])
        if self.rules > FIRST_FREE:
            steps.append(kernel.step("close_range", FIRST_FREE, self.rules - 1))
        return steps + [kernel.step("close_range", self.rules + 1, kernel.EVERYTHING)]

    # The call

    def steps_to_seal(self, grant):
        """What is done when the grant is known; limits and the filter come last."""
        is_granted = grant != "none"
        if is_granted and not self.configuration["workspace"]:
            # The service asks for none.
            return None
        steps = []
        root = self.root if is_granted or self.has_namespaces else "/"
        if self.has_namespaces:
            if is_granted:
                steps += kernel.move_mount("/.workspace", root, grant == "read_only")
            elif self.configuration["workspace"]:
                # Nothing can be seen of it.
                steps.append(kernel.mount_memory("/.workspace", "size=4096,mode=0,nr_inodes=1"))
        steps.append(kernel.step("chdir", kernel.text(root)))
        if self.landlock:
            if is_granted or self.has_namespaces:
                rights = kernel.WRITE if grant == "writable" else kernel.READ
                free = FIRST_FREE if self.rules > FIRST_FREE else FIRST_FREE + 1
                steps += self.landlock.allow(self.rules, root, rights, free)
            steps += self.landlock.enter(self.rules)
        if self.is_isolated:
            steps.append(kernel.drop_capabilities())
        return kernel.prepared(steps + self.steps_to_limit())

    def steps_to_limit(self):
        """Limits of the call; their values are put into place when they are known."""
        return [
            kernel.step("prlimit64", 0, kind, self.limits.address + 16 * index)
            for index, kind in enumerate(LIMITS_OF_CALLS)
        ]

    def filters_for(self, process):
        """Steps that install the filter with a listener and tell of it, and those without."""
        own = struct.pack("<I", process)
        listening, quiet = (kernel.Filter(filter.replace(OWN_PROCESS_MARK, own)) for filter in self.filters)
        message = kernel.Message(b"L", FIRST_FREE)
        close = kernel.step("close", FIRST_FREE)
        self.kept = listening, quiet, message
        with_listener = listening.install(FIRST_FREE), message.send(SOCKET), close
        return kernel.prepared(with_listener), kernel.prepared([quiet.install(), self.step_sealed()])

    def step_sealed(self):
        return kernel.step("write", SOCKET, kernel.text("L"), 1, expected=1)


def run(plan):
    """Is the worker; does not return."""
    try:
        work(plan, SOCKET)
        # To be killed: as long as it is there, the kernel can be asked what it used.
        while call(READ, SOCKET, plan.byte.address, 1, 0, 0) > 0:
            pass
        os._exit(0)
    except BaseException as error:
        try:
            os.write(SOCKET, b"E" + f"{type(error).__name__}: {error}".encode(errors="replace")[:512])
        except OSError:
            pass
    os._exit(70)


def work(plan, socket):
    take(plan.ahead)
    request = received(socket)
    seal(plan, request)
    send(socket, *code_runner.answer(request, plan.writable[request.grant]))


def received(socket):
    # Most calls come in one piece.
    content = read(socket, 64 * KIBIBYTE) or os._exit(0)
    while len(content) < code_runner.HEADER.size:
        content += more(socket, code_runner.HEADER.size - len(content))
    request = code_runner.Request(content)
    missing = request.end - len(content)
    if missing > 0:
        content = bytearray(content)
        while missing > 0:
            part = more(socket, min(missing, MEBIBYTE))
            content += part
            missing -= len(part)
    request.take(content)
    return request


def more(socket, length):
    """Some bytes; the process ends if there are none, as the service needs it no longer."""
    return read(socket, length) or os._exit(0)


def seal(plan, request):
    # Without fork, memfd and shared memory, and with a sized /tmp, this is all the memory that there is.
    memory = plan.base + request.memory
    values = []
    for value, hard in zip((memory, memory, request.file, request.processor), plan.hard_limits):
        value = value if hard == UNLIMITED else min(value, hard)
        values += value, value
    LIMITS.pack_into(plan.limits.buffer, 0, *values)
    if request.covers:
        cover(plan, request.covers)
    take(plan.seals[request.grant])
    if not plan.is_isolated:
        take(kernel.prepared([plan.step_sealed()]))
        return
    listening, quiet = plan.prepared_filters or plan.filters_for(os.getpid())
    try:
        take(listening)
    except OSError:
        # An old kernel, or a container whose own filter has the one listener that there can be.
        take(quiet)


def cover(plan, covers):
    """Mounts over places of the workspace, before it is moved to where the call sees it.

    Links lead nowhere but into the interpreter's own root, where there is nothing else of the machine.
    """
    if not plan.has_namespaces:
        raise OSError("parts of the workspace cannot be kept from the call without namespaces")
    steps = []
    for line in covers.split(b"\0")[:-1]:
        steps += kernel.cover("/.workspace/" + line[1:].decode(), line[:1])
    take(kernel.prepared(steps))


def send(socket, header, body):
    rest = ANSWER(b"A", len(header), len(body)) + header + body
    count = write(socket, rest)
    while count < len(rest):
        rest = memoryview(rest)[count:]
        count = write(socket, rest)


def rehearse(plan):
    """Runs calls with every system call replaced by one that does nothing, until the interpreter has adapted its code.

    It writes that into the code, and a worker would have to for itself.
    """
    nothing = kernel.prepared([kernel.step("getpid", expected=os.getpid())] * 20)
    stage = copy.copy(plan)
    stage.ahead, stage.seals, stage.prepared_filters = nothing, [nothing], (nothing, nothing)
    stage.is_isolated = True
    service, own = _socket.socketpair()
    for index in range(2 * REHEARSALS):
        service.send(code_runner.rehearsal(is_compiled=index % 2 == 0))
        work(stage, own.fileno())
        service.recv(MEBIBYTE)
    code_runner.end_rehearsals()
