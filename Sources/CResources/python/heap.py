"""What makes workers cheap: a heap whose parts that no worker writes to are few and large pages, and code that is there.

A fork, and the end of a process, take a step for each page that is mapped, and each page that is written to, or not there
yet, is a fault. So what all calls have in common is loaded first and stays as it is; what every worker touches, which is
our own modules, is loaded after it, on pages that follow one another.
"""

import ctypes
import gc
import importlib
import mmap
import struct
import sys

PRELOADED = """
abc array ast asyncio base64 binascii bisect calendar cmath collections collections.abc contextlib contextvars copy csv
dataclasses datetime decimal difflib enum fractions functools hashlib heapq hmac html html.parser inspect io ipaddress
itertools json keyword linecache math numbers operator pathlib pprint queue random re reprlib secrets statistics string
struct tempfile textwrap threading time tokenize traceback types typing unicodedata urllib.parse uuid weakref
xml.etree.ElementTree zlib zoneinfo _strptime encodings.idna encodings.latin_1 encodings.ascii concurrent.futures
concurrent.futures.thread
""".split()
# What our own modules need.
NEEDED = "_random builtins gc marshal mmap os resource select sys sysconfig warnings".split()

_HUGE_PAGE, _PAGE = 2 << 20, mmap.PAGESIZE
# Parts of a program that may be executed, and written to.
_PF_X, _PF_W = 1, 2
# Below the size that the C library takes from elsewhere.
_FILLER = 96 << 10
_MADV_COLLAPSE = 25
_M_MXFAST, _M_ARENA_MAX = 1, -8

_libc = ctypes.PyDLL(None)
_libc.malloc.argtypes, _libc.malloc.restype = [ctypes.c_size_t], ctypes.c_ssize_t
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def preload():
    # It would look at all of it again and again.
    gc.disable()
    for name in PRELOADED + NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            # A distribution may have split the library: what is not there is not to be had in a call either.
            pass
    # It grows by being copied, and what it leaves would be filled with what is touched all the time.
    size = sys.getsizeof(sys.modules)
    names = []
    while sys.getsizeof(sys.modules) == size:
        names.append(f" {len(names)}")
        sys.modules[names[-1]] = None
    for name in names:
        del sys.modules[name]


def pack():
    """Fills the holes of the C library's heap, so that what is allocated from now on stands together."""
    _libc.malloc_trim(0)
    # Beyond everything that there is.
    top = _libc.malloc(_FILLER)
    for size in range(4096, 0, -16):
        while 0 < _libc.malloc(size) < top:
            pass
    # What this itself has let go.
    malloc = _libc.malloc
    malloc(24), malloc(24), malloc(40), malloc(40), malloc(56), malloc(56), malloc(72), malloc(72), malloc(88), malloc(104)


def pack_to_border():
    """Packs the heap, and leaves the rest of a huge page empty; returns where the next one begins."""
    # One for all threads, which take turns anyway: each of its own would take 64 MiB of a call's address space.
    _libc.mallopt(_M_ARENA_MAX, 1)
    _libc.mallopt(_M_MXFAST, 0)
    # Without a collection, which takes longer than all of this: what is garbage stays where it is.
    gc.freeze()
    pack()
    # Nothing is written to what lies between.
    place = _libc.malloc(_FILLER)
    border = (place // _HUGE_PAGE + 1) * _HUGE_PAGE
    while border - place > 2 * _FILLER:
        place = _libc.malloc(_FILLER)
    _libc.malloc(border - place - _FILLER)
    pack()
    return border


class _Place(ctypes.Structure):
    """Where the C library says that an address lies."""

    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_size_t), ("name", ctypes.c_char_p), ("at", ctypes.c_size_t)]


def keep_code_mapped():
    """Has workers begin with the interpreter's code mapped, as far as it is here.

    A fork leaves out what can be mapped from its file again, a fault for every few pages, unless something was written
    to that part of the file's memory: one byte of each is, with what it is already.
    """
    for function in _functions():
        place = _Place()
        if _libc.dladdr(ctypes.cast(function, ctypes.c_void_p), ctypes.byref(place)) == 0:
            continue
        for start, length, protection in _constant_parts(place.base):
            if _libc.mprotect(start, length, protection | mmap.PROT_WRITE) == 0:
                ctypes.memmove(start, ctypes.string_at(start, 1), 1)
                if _libc.mprotect(start, length, protection) != 0:
                    raise OSError("the interpreter's code cannot be protected again")


def _functions():
    """One of each program and library that every call uses."""
    yield from (ctypes.pythonapi.Py_IncRef, _libc.dladdr)
    for module, name in (("_json", "PyInit__json"), ("_ctypes", "PyInit__ctypes"), ("_ctypes", "ffi_call")):
        # It may be a part of the interpreter.
        file = getattr(importlib.import_module(module), "__file__", None)
        function = file and getattr(ctypes.PyDLL(file), name, None)
        if function:
            yield function


def _constant_parts(base):
    """Address, length and protection of the parts of a program or library that nothing is written to."""
    offset, size, count = struct.unpack_from("@32xQ14xHH", ctypes.string_at(base, 64))
    headers = [struct.unpack("@IIQQQQQQ", ctypes.string_at(base + offset + size * index, 56)) for index in range(count)]
    loaded = [(flags, address, length) for kind, flags, _, address, _, _, length, _ in headers if kind == 1]
    shift = base - loaded[0][1] // _PAGE * _PAGE
    for flags, address, length in loaded:
        if not flags & _PF_W:
            start = (shift + address) // _PAGE * _PAGE
            protection = mmap.PROT_READ | (mmap.PROT_EXEC if flags & _PF_X else 0)
            yield start, shift + address + length - start, protection


def settle():
    """Leaves everything as workers begin with it."""
    keep_code_mapped()
    gc.collect()
    # What is here now is never looked at again by a collection, which would copy every page of it in every worker.
    gc.freeze()
    pack()
    gc.enable()


def use_huge_pages(border):
    """Has the kernel put what stands before the border into huge pages. What it cannot or will not do stays as it is."""
    for start in range(border - 16 * _HUGE_PAGE, border, _HUGE_PAGE):
        _libc.madvise(start, _HUGE_PAGE, _MADV_COLLAPSE)
