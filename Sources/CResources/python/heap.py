"""What makes workers cheap: what no worker writes to stands apart, in few and large pages; so does the interpreter's code.

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
# A part of a program's file that is loaded, and one that is written to.
_PT_LOAD, _PF_W = 1, 2
# Below the size that the C library takes from elsewhere.
_FILLER = 96 << 10
_MADV_HUGEPAGE, _MADV_COLLAPSE = 14, 25
# For mmap: private and anonymous. For mremap: may move, to that address.
_PRIVATE, _TO_ADDRESS = 0x22, 3
_M_MXFAST, _M_ARENA_MAX = 1, -8

_libc = ctypes.PyDLL(None)
_libc.malloc.argtypes, _libc.malloc.restype = [ctypes.c_size_t], ctypes.c_ssize_t
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
_libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p]
_libc.mmap.restype = _libc.mremap.restype = ctypes.c_ssize_t


def preload():
    """Loads what calls may import, so that none of them has to."""
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
    # What is garbage stays where it is: to look for it takes longer than all of this. The collection has nothing to look
    # at then, and gives back what the interpreter keeps of small objects, which would be used again.
    gc.freeze()
    gc.collect()
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


def use_huge_pages_for_code():
    """Puts a copy of the interpreter's code into the place of its file, in huge pages.

    A fork leaves out what can be mapped from a file again, and a worker faults it in, a few pages at a time. Constants that
    share a huge page with code can be executed like it; nothing of it can be written. What the kernel cannot or will not
    do stays as it is.
    """
    place = _Place()
    if _libc.dladdr(ctypes.cast(ctypes.pythonapi.Py_IncRef, ctypes.c_void_p), ctypes.byref(place)) == 0:
        return
    start, end = _constant_part(place.base)
    start, end = -(-start // _HUGE_PAGE) * _HUGE_PAGE, end // _HUGE_PAGE * _HUGE_PAGE
    if start >= end:
        return
    length = end - start
    mapped = _libc.mmap(None, length + _HUGE_PAGE, mmap.PROT_READ | mmap.PROT_WRITE, _PRIVATE, -1, 0)
    if mapped < 0:
        return
    # What is moved keeps its huge pages where it stood at their border before.
    copy = -(-mapped // _HUGE_PAGE) * _HUGE_PAGE
    _libc.madvise(copy, length, _MADV_HUGEPAGE)
    ctypes.memmove(copy, start, length)
    if (
        _libc.madvise(copy, length, _MADV_COLLAPSE) != 0
        or _libc.mprotect(copy, length, mmap.PROT_READ | mmap.PROT_EXEC) != 0
        or _libc.mremap(copy, length, length, _TO_ADDRESS, start) != start
    ):
        _libc.munmap(copy, length)


def _constant_part(base):
    """First address and end of what stands in one piece, from the start of a program on, and is never written to."""
    offset, size, count = struct.unpack_from("@32xQ14xHH", ctypes.string_at(base, 64))
    headers = [struct.unpack("@IIQQQQQQ", ctypes.string_at(base + offset + size * index, 56)) for index in range(count)]
    loaded = [(flags, address, length) for kind, flags, _, address, _, _, length, _ in headers if kind == _PT_LOAD]
    shift = end = base - loaded[0][1] // _PAGE * _PAGE
    for flags, address, length in loaded:
        if flags & _PF_W or (shift + address) // _PAGE * _PAGE > max(end, base):
            break
        end = -(-(shift + address + length) // _PAGE) * _PAGE
    return base, end


def settle(border):
    """Leaves everything as workers begin with it, and what stands before the border in huge pages."""
    use_huge_pages_for_code()
    gc.collect()
    # What is here now is never looked at again by a collection, which would copy every page of it in every worker.
    gc.freeze()
    pack()
    gc.enable()
    for start in range(border - 16 * _HUGE_PAGE, border, _HUGE_PAGE):
        _libc.madvise(start, _HUGE_PAGE, _MADV_COLLAPSE)
