"""The system calls of the sandbox that Python has no function for, through libc alone.

Nothing compiled is installed on the machine: every call is one of libc's functions or its `syscall`. What workers call
is prepared before they are forked: what a worker writes to, it has to copy.
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

# The same numbers on every architecture; those below come from the machine's own table.
SYS_PIDFD_OPEN = 434
SYS_CLOSE_RANGE = 436
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = 444, 445, 446
SYS_SECCOMP, SYS_CAPSET = {"x86_64": (317, 126), "aarch64": (277, 91)}[os.uname().machine]

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

# The interpreter's lock is kept: there is one thread, and no call that waits.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
# Every argument as a long: libc's function is variadic, and an int would leave half a register undefined.
_libc.syscall.argtypes = [ctypes.c_long] * 6
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
_libc.unshare.argtypes = [ctypes.c_int]
_libc.setns.argtypes = [ctypes.c_int] * 2
_libc.sbrk.argtypes, _libc.sbrk.restype = [ctypes.c_ssize_t], ctypes.c_void_p
_libc.malloc.argtypes, _libc.malloc.restype = [ctypes.c_size_t], ctypes.c_ssize_t
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def _check(result, what):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _syscall(what, number, first=0, second=0, third=0, fourth=0):
    return _check(_libc.syscall(number, first, second, third, fourth, 0), what)


# Without what Python does after a fork: it makes locks anew that no other thread can have held, as there is none, and
# writes to some two hundred pages while it does. A C library without it has its ordinary one.
fork = getattr(_libc, "_Fork", None) or os.fork


def prctl(option, first=0, second=0):
    return _libc.prctl(option, first, second, 0, 0)


def unshare(flags):
    _check(_libc.unshare(flags), "unshare")


def setns(descriptor, kind):
    _check(_libc.setns(descriptor, kind), "setns")


def pidfd_open(process):
    return _syscall("pidfd_open", SYS_PIDFD_OPEN, process)


def close_from(descriptor):
    _syscall("close_range", SYS_CLOSE_RANGE, descriptor, 0xFFFFFFFF)


def mount(source, target, kind, flags, options=None):
    _check(_libc.mount(source, target, kind, flags, options), "mount")


def mount_memory(target, options):
    """Puts a file system in memory at a path."""
    mount(b"tmpfs", target, b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)


def move_mount(source, target, is_read_only):
    """Moves a mount to another path and takes from it what nobody needs there."""
    mount(source, target, None, MS_MOVE)
    flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC | (MS_RDONLY if is_read_only else 0)
    mount(None, target, None, flags)


def die_with_parent():
    prctl(PR_SET_PDEATHSIG, 9)


def refuse_new_privileges():
    _check(prctl(PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")


def limit_capabilities():
    """Takes the capabilities from what may ever be had, by processes that are forked too; those that are held stay."""
    for capability in range(64):
        # CAP_SETPCAP last, as it is what allows this.
        if capability != 8:
            prctl(PR_CAPBSET_DROP, capability)
    prctl(PR_CAPBSET_DROP, 8)
    prctl(PR_SET_SECUREBITS, SECURE_BITS_LOCKED)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


class _Bytes:
    """_Bytes at an address that stays."""

    def __init__(self, content, length=None):
        self.buffer = ctypes.create_string_buffer(content, len(content) if length is None else length)
        self.address = ctypes.addressof(self.buffer)


_NO_CAPABILITIES = _Bytes(struct.pack("=Ii", 0x20080522, 0)), _Bytes(bytes(24))


def drop_capabilities():
    """Gives up every capability."""
    header, sets = _NO_CAPABILITIES
    _syscall("capset", SYS_CAPSET, header.address, sets.address)


def landlock_version():
    """The version of Landlock's interface; 0 when the kernel has none."""
    return max(0, _libc.syscall(SYS_LANDLOCK_CREATE_RULESET, 0, 0, LANDLOCK_VERSION, 0, 0))


class Landlock:
    """Paths that a process may use; all others are refused once it has entered.

    The paths that are the same for every worker are looked up once. A worker makes rules of its own of them: those of
    its parent it would share with all others.
    """

    def __init__(self, version):
        self.rights = sum(bits for known, bits in _FILE_RIGHTS_BY_VERSION.items() if known <= version)
        # A bit that the kernel does not know is an error, so that newer rights go by version.
        network = 0b11 if version >= 4 else 0
        scopes = 0b11 if version >= 6 else 0
        self.size = 24 if version >= 6 else 16 if version >= 4 else 8
        self.attributes = _Bytes(struct.pack("=QQQ", self.rights, network, scopes))
        self.always = []
        self.rule = _Bytes(bytes(12))
        self.rules = None

    def add(self, path, rights):
        """Allows a path to every worker to come; nothing happens if there is none."""
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        if not os.path.isdir(path):
            rights &= _RIGHTS_OF_FILES
        self.always.append(_Bytes(struct.pack("=Qi", rights & self.rights, descriptor)))

    def make(self):
        """Makes the rules, in the worker."""
        self.rules = _syscall("landlock_create_ruleset", SYS_LANDLOCK_CREATE_RULESET, self.attributes.address, self.size)
        for rule in self.always:
            self._add(rule)

    def allow(self, directory, rights):
        """Allows a directory."""
        descriptor = os.open(directory, os.O_PATH | os.O_CLOEXEC)
        struct.pack_into("=Qi", self.rule.buffer, 0, rights & self.rights, descriptor)
        self._add(self.rule)
        os.close(descriptor)

    def _add(self, rule):
        _syscall(
            "landlock_add_rule", SYS_LANDLOCK_ADD_RULE, self.rules, LANDLOCK_RULE_PATH_BENEATH, rule.address
        )

    def enter(self):
        _syscall("landlock_restrict_self", SYS_LANDLOCK_RESTRICT_SELF, self.rules)
        os.close(self.rules)


class Filter:
    """A filter of system calls as the kernel takes it."""

    def __init__(self, instructions):
        self.instructions = _Bytes(instructions)
        self.program = _Bytes(struct.pack("@HP", len(instructions) // 8, self.instructions.address))

    def install(self, listens):
        """Puts it over the process.

        Returns the listener's descriptor if it has one that shall be made, or None.
        """
        flags = SECCOMP_FILTER_FLAG_NEW_LISTENER if listens else 0
        result = _syscall("seccomp", SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, flags, self.program.address)
        return result if listens else None


_HUGE_PAGE = 2 << 20
_MADV_COLLAPSE = 25
_M_MXFAST = 1


def pack_heap():
    """Fills the holes of the C library's heap, so that what is allocated from now on stands together."""
    _libc.mallopt(_M_MXFAST, 0)
    _libc.malloc_trim(0)
    # Beyond everything that there is.
    top = _libc.malloc(96 << 10)
    for size in range(4096, 0, -16):
        while 0 < _libc.malloc(size) < top:
            pass


def use_huge_pages():
    """Has the kernel put the heap into huge pages: a fork, and the end of a process, take a step for each page.

    What the kernel cannot or will not do stays as it is.
    """
    end = _libc.sbrk(0) // _HUGE_PAGE * _HUGE_PAGE
    for start in range(end - 16 * _HUGE_PAGE, end, _HUGE_PAGE):
        _libc.madvise(start, _HUGE_PAGE, _MADV_COLLAPSE)
