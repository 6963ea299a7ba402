"""The system calls of the sandbox that Python has no function for, through libc alone.

Nothing compiled is installed on the machine: every call is one of libc's functions or its `syscall`.
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

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def _check(result, what):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _syscall(what, number, *arguments):
    # Every argument as a long: libc's function is variadic, and an int would leave half a register undefined.
    longs = [argument if not isinstance(argument, int) else ctypes.c_long(argument) for argument in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *longs), what)


def prctl(option, first=0, second=0):
    return _libc.prctl(option, first, second, 0, 0)


def unshare(flags):
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(descriptor, kind):
    _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), "setns")


def pidfd_open(process):
    return _syscall("pidfd_open", SYS_PIDFD_OPEN, process, 0)


def close_from(descriptor):
    _syscall("close_range", SYS_CLOSE_RANGE, descriptor, 0xFFFFFFFF, 0)


def mount(source, target, kind, flags, options=None):
    _check(_libc.mount(source, target, kind, flags, options), f"mount {target.decode()}")


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
    """Takes the capabilities from what may ever be had; those that are held stay."""
    for capability in range(64):
        # CAP_SETPCAP last, as it is what allows this.
        if capability != 8:
            prctl(PR_CAPBSET_DROP, capability)
    prctl(PR_CAPBSET_DROP, 8)
    prctl(PR_SET_SECUREBITS, SECURE_BITS_LOCKED)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def drop_capabilities():
    """Gives up every capability."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    _syscall("capset", SYS_CAPSET, header, ctypes.create_string_buffer(24))


def landlock_version():
    """The version of Landlock's interface; 0 when the kernel has none."""
    version = _libc.syscall(
        ctypes.c_long(SYS_LANDLOCK_CREATE_RULESET), None, ctypes.c_long(0), ctypes.c_long(LANDLOCK_VERSION)
    )
    return max(0, version)


class Landlock:
    """Paths that a process may use; all others are refused once it has entered."""

    def __init__(self, version):
        self.rights = sum(bits for known, bits in _FILE_RIGHTS_BY_VERSION.items() if known <= version)
        # A bit that the kernel does not know is an error, so that newer rights go by version.
        network = 0b11 if version >= 4 else 0
        scopes = 0b11 if version >= 6 else 0
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        attributes = ctypes.create_string_buffer(struct.pack("=QQQ", self.rights, network, scopes), 24)
        self.rules = _syscall("landlock_create_ruleset", SYS_LANDLOCK_CREATE_RULESET, attributes, size, 0)

    def allow(self, path, rights):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                rights &= _RIGHTS_OF_FILES
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights & self.rights, descriptor))
            _syscall(
                "landlock_add_rule", SYS_LANDLOCK_ADD_RULE, self.rules, LANDLOCK_RULE_PATH_BENEATH, rule, 0
            )
        finally:
            os.close(descriptor)

    def enter(self):
        _syscall("landlock_restrict_self", SYS_LANDLOCK_RESTRICT_SELF, self.rules, 0)
        os.close(self.rules)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install_filter(instructions, listens):
    """Puts a filter of system calls over the process.

    Returns the listener's descriptor if the filter has one that shall be made, or None.
    """
    program = _Program(len(instructions) // 8, instructions)
    flags = SECCOMP_FILTER_FLAG_NEW_LISTENER if listens else 0
    result = _syscall("seccomp", SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(program))
    return result if listens else None
