"""The system calls of the sandbox, through the C library's `syscall` alone: nothing compiled is installed.

What a worker does is prepared before it is forked, as a list of steps in plain bytes: it has to copy each page that it
writes to, and looking at an object of Python is writing to it.
"""

import ctypes
import os
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_MOVE = 32, 4096, 8192

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 24, 28
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
# No capability comes back with user 0, and all of that stays as it is.
SECURE_BITS_LOCKED = 0b11101111

F_SETFL, F_DUPFD_CLOEXEC = 4, 1030

# The same numbers on every architecture; the others come from the machine's own table.
NUMBERS = {
    "pidfd_open": 434,
    "close_range": 436,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}
NUMBERS.update(
    {
        "x86_64": dict(
            read=0, write=1, close=3, getpid=39, sendmsg=46, socketpair=53, wait4=61, fcntl=72, chdir=80, capset=126,
            prctl=157, mount=165, openat=257, unshare=272, dup3=292, pipe2=293, prlimit64=302, setns=308, seccomp=317,
        ),
        "aarch64": dict(
            read=63, write=64, close=57, getpid=172, sendmsg=211, socketpair=199, wait4=260, fcntl=25, chdir=49,
            capset=91, prctl=167, mount=40, openat=56, unshare=97, dup3=24, pipe2=59, prlimit64=261, setns=268,
            seccomp=277,
        ),
    }[os.uname().machine]
)
NAMES = {number: name for name, number in NUMBERS.items()}

SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_NEW_LISTENER = 8

LANDLOCK_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1

# Rights of Landlock by the version of its interface that knows them (bits of the first version: 0 to 12).
_FILE_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIRECTORY = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHARACTER_DEVICE, _MAKE_BLOCK_DEVICE, _TRUNCATE, _DEVICE_CONTROL = 1 << 6, 1 << 11, 1 << 14, 1 << 15
_RIGHTS_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL

READ = _READ_FILE | _READ_DIRECTORY
WRITE = 0xFFFF & ~(_EXECUTE | _MAKE_CHARACTER_DEVICE | _MAKE_BLOCK_DEVICE | _DEVICE_CONTROL)
WRITE_DEVICE = _WRITE_FILE | _READ_FILE

AT_FDCWD = -100
EVERYTHING = 0xFFFFFFFF

# The interpreter's lock is kept: there is one thread.
_libc = ctypes.PyDLL(None, use_errno=True)
# Every argument as a long: the function is variadic, and an int would leave half a register undefined.
_libc.syscall.argtypes, _libc.syscall.restype = [ctypes.c_long] * 6, ctypes.c_long
call = _libc.syscall

# Without what Python does after a fork: it makes locks anew that no other thread can have held, as there is none, and
# writes to some two hundred pages while it does. A C library without it has its ordinary one.
fork = getattr(_libc, "_Fork", None) or os.fork


class Memory:
    """Bytes at an address that stays."""

    def __init__(self, content):
        self.buffer = ctypes.create_string_buffer(content, len(content))
        self.address = ctypes.addressof(self.buffer)


def text(content):
    """The address of a text for the kernel, which is kept for ever."""
    _texts.append(Memory(content.encode() + b"\0"))
    return _texts[-1].address


_texts = []

_STEP = struct.Struct("@7q")
_unpacked, _size = _STEP.unpack_from, _STEP.size


def step(name, first=0, second=0, third=0, fourth=0, fifth=0, expected=0):
    """A system call to be made later, and what it has to return."""
    return expected, NUMBERS[name], first, second, third, fourth, fifth


def prepared(steps):
    """Steps as bytes: numbers in a list are objects, and lie on pages of their own."""
    return b"".join(_STEP.pack(*step) for step in steps)


def take(steps):
    """Makes prepared system calls; all of them have to return what is expected."""
    for start in range(0, len(steps), _size):
        expected, number, first, second, third, fourth, fifth = _unpacked(steps, start)
        if call(number, first, second, third, fourth, fifth) != expected:
            raise failure(number)


def failure(number):
    """What the last system call failed with."""
    return OSError(ctypes.get_errno(), f"{NAMES[number]}: {os.strerror(ctypes.get_errno())}")


def result(name, first=0, second=0, third=0, fourth=0, fifth=0):
    """What a system call returns that is made at once."""
    value = call(NUMBERS[name], first, second, third, fourth, fifth)
    if value < 0:
        raise failure(NUMBERS[name])
    return value


def mount_memory(target, options):
    """Puts a file system in memory at a path."""
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    return step("mount", text("tmpfs"), text(target), text("tmpfs"), flags, text(options))


def move_mount(source, target, is_read_only):
    """Moves a mount to another path and takes from it what nobody needs there."""
    flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC | (MS_RDONLY if is_read_only else 0)
    return [
        step("mount", text(source), text(target), 0, MS_MOVE),
        step("mount", 0, text(target), 0, flags),
    ]


def cover(path, kind):
    """Mounts over a place: the place itself (p), the same to be read only (r), or what nobody can open (f, d)."""
    if kind == b"d":
        return [mount_memory(path, "size=4096,mode=0,nr_inodes=1")]
    source = "/dev/null" if kind == b"f" else path
    flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC | (0 if kind == b"p" else MS_RDONLY)
    return [
        step("mount", text(source), text(path), 0, MS_BIND),
        step("mount", 0, text(path), 0, flags),
    ]


def limit_privileges():
    """Takes what may ever be had from this process, and from those that it forks; capabilities that are held stay."""
    result("prctl", PR_SET_NO_NEW_PRIVS, 1)
    # Not all of them exist, and without any there is nothing to take: what is refused is not there.
    for capability in range(64):
        # CAP_SETPCAP last, as it is what allows this.
        if capability != 8:
            call(NUMBERS["prctl"], PR_CAPBSET_DROP, capability, 0, 0, 0)
    call(NUMBERS["prctl"], PR_CAPBSET_DROP, 8, 0, 0, 0)
    call(NUMBERS["prctl"], PR_SET_SECUREBITS, SECURE_BITS_LOCKED, 0, 0, 0)
    call(NUMBERS["prctl"], PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


_NO_CAPABILITIES = Memory(struct.pack("=Ii", 0x20080522, 0)), Memory(bytes(24))


def drop_capabilities():
    """Gives up every capability."""
    header, sets = _NO_CAPABILITIES
    return step("capset", header.address, sets.address)


def landlock_version():
    """The version of Landlock's interface; 0 when the kernel has none."""
    return max(0, call(NUMBERS["landlock_create_ruleset"], 0, 0, LANDLOCK_VERSION, 0, 0))


class Landlock:
    """Paths that a process may use, as steps; all others are refused once it has entered.

    Paths that are the same for every worker are opened once. The rules are each worker's own: those of its parent it
    would share with all others. Their descriptor is the lowest that is free then, and the next one is used in between.
    """

    def __init__(self, version):
        self.rights = sum(bits for known, bits in _FILE_RIGHTS_BY_VERSION.items() if known <= version)
        # A bit that the kernel does not know is an error, so that newer rights go by version.
        network = 0b11 if version >= 4 else 0
        scopes = 0b11 if version >= 6 else 0
        self.size = 24 if version >= 6 else 16 if version >= 4 else 8
        self.attributes = Memory(struct.pack("=QQQ", self.rights, network, scopes))
        self.opened = []
        self.kept = []

    def rule(self, rules, descriptor, rights):
        """Allows what a descriptor stands for."""
        self.kept.append(Memory(struct.pack("=Qi", rights & self.rights, descriptor)))
        return step("landlock_add_rule", rules, LANDLOCK_RULE_PATH_BENEATH, self.kept[-1].address)

    def open(self, path, rights):
        """Opens a path that every worker may use; nothing happens if there is none."""
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        if not os.path.isdir(path):
            rights &= _RIGHTS_OF_FILES
        self.opened.append((descriptor, rights))

    def make(self, rules):
        """Makes the rules."""
        make = step("landlock_create_ruleset", self.attributes.address, self.size, expected=rules)
        return [make, *(self.rule(rules, descriptor, rights) for descriptor, rights in self.opened)]

    def allow(self, rules, directory, rights, descriptor):
        """Allows a directory that is there only then, by a descriptor that is free then."""
        flags = os.O_PATH | os.O_CLOEXEC
        return [
            step("openat", AT_FDCWD, text(directory), flags, expected=descriptor),
            self.rule(rules, descriptor, rights),
            step("close", descriptor),
        ]

    def enter(self, rules):
        return [step("landlock_restrict_self", rules), step("close", rules)]


class Filter:
    """A filter of system calls as the kernel takes it."""

    def __init__(self, instructions):
        self.instructions = Memory(instructions)
        self.program = Memory(struct.pack("@HP", len(instructions) // 8, self.instructions.address))

    def install(self, listener=None):
        """Puts it over the process; it has a listener if a descriptor for that is given."""
        flags, expected = (0, 0) if listener is None else (SECCOMP_FILTER_FLAG_NEW_LISTENER, listener)
        return step("seccomp", SECCOMP_SET_MODE_FILTER, flags, self.program.address, expected=expected)


class Message:
    """A message with descriptors, to be sent without any object of Python's."""

    def __init__(self, content, *descriptors):
        self.content = Memory(content)
        self.vector = Memory(struct.pack("@PN", self.content.address, len(content)))
        # Length, SOL_SOCKET, SCM_RIGHTS, the descriptors, and what aligns them.
        count = len(descriptors)
        self.control = Memory(struct.pack(f"@Nii{count}i{count % 2 * 4}x", 16 + 4 * count, 1, 1, *descriptors))
        self.header = Memory(
            struct.pack(
                "@PI4xPNPNi4x", 0, 0, self.vector.address, 1, self.control.address, len(self.control.buffer), 0
            )
        )
        self.length = len(content)

    def send(self, socket):
        return step("sendmsg", socket, self.header.address, expected=self.length)
