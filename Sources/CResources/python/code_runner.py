"""Runs a module in a sealed worker and puts into words what came of it."""

import _random
import asyncio
import functools
import importlib.util
import inspect
import json
import linecache
import marshal
import random
import struct
import sys
import traceback
import types

import code_check
from guard import Guard, rehearsing

MAXIMUM_MESSAGE = 4_000
MAXIMUM_TRACEBACK = 8_000
MAXIMUM_FRAMES = 20
MAXIMUM_REPRESENTATION = 10_000
# Whether the text is only checked, is a script, is in safe mode; the grant; memory, file size, result in bytes and
# processor time in seconds; lengths of seven parts: name, imports (by lines), text, bytecode, arguments, context,
# and what is mounted over the workspace.
HEADER = struct.Struct("<???B4Q7I")
MAGIC = importlib.util.MAGIC_NUMBER
PLAIN = frozenset((type(None), bool, int, float, str, list, tuple, dict))


# What it leaves would be filled with what is touched all the time.
_kept = []


def own_generator():
    """Gives the module a generator that stands where workers write anyway, and returns what seeds it from the system."""
    old, new = random._inst, random.Random()
    names = vars(random).copy()
    for name, value in names.items():
        if getattr(value, "__self__", None) is old:
            setattr(random, name, getattr(new, name))
    random._inst = new
    _kept.append(names)
    return functools.partial(_random.Random.seed, new)


seed = own_generator()


class Refused(Exception):
    """The text has a construct that safe mode refuses."""

    def __init__(self, line, message):
        super().__init__(message)
        self.lineno = line


class Request:
    """What the service asks for."""

    __slots__ = (
        "is_check", "is_script", "is_safe", "grant", "memory", "file", "result", "processor", "lengths", "end", "name",
        "imports", "text", "bytecode", "arguments", "context", "covers",
    )

    def __init__(self, content):
        (
            self.is_check, self.is_script, self.is_safe, self.grant,
            self.memory, self.file, self.result, self.processor, *self.lengths,
        ) = HEADER.unpack_from(content)
        self.end = HEADER.size + sum(self.lengths)

    def take(self, content):
        """The parts, as they came: nothing is looked at before the worker is sealed."""
        parts = []
        end = HEADER.size
        for length in self.lengths:
            parts.append(bytes(content[end:end + length]))
            end += length
        self.name, self.imports, self.text, self.bytecode, self.arguments, self.context, self.covers = parts


def prepare():
    """Runs paths that only some calls take once, so that no worker has to."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    code_check.check("def f(x=1):\n    return x", "f", False, ["math"], True)
    try:
        raise ValueError("x")
    except ValueError as error:
        told(error, "<f>", "")
    rehearsing[0] = True


def rehearsal(is_compiled):
    """The request of a call that is run before there is one."""
    text = "import json\ndef rehearsal(x=1):\n    return {'x': [x, None, True, 1.5, json.dumps('text')]}\n"
    bytecode = MAGIC + marshal.dumps(code_check.compiled(text, "<rehearsal>", False)) if is_compiled else b""
    parts = b"rehearsal", b"json", text.encode(), bytecode, b'{"x": 2}', b"", b""
    return HEADER.pack(False, False, True, 0, 0, 0, 1000, 0, *map(len, parts)) + b"".join(parts)


def end_rehearsals():
    rehearsing[0] = False
    del sys.modules["rehearsal"]


def answer(request, writable):
    """The header and the body of the answer."""
    try:
        text, name = request.text.decode(), request.name.decode()
        imports = frozenset(filter(None, request.imports.decode().split("\n")))
        if request.is_check:
            return checked(request, text, name, imports)
        # The generator that every process would have a copy of.
        seed()
        guard = Guard(imports, request.is_safe, writable)
        return Run(request, text, name, guard).answer()
    except MemoryError:
        return encoded_header({"reason": "memory"}), b""


def checked(request, text, name, imports):
    report, code = code_check.check(text, name, request.is_script, imports, request.is_safe)
    return encoded_header({"reason": "ok", "module": report}), b"" if code is None else MAGIC + marshal.dumps(code)


class Run:
    def __init__(self, request, text, name, guard):
        self.request = request
        self.text = text
        self.name = name
        self.file = f"<{name}>"
        self.guard = guard

    def answer(self):
        header, body = {"reason": "ok"}, b""
        try:
            body = self.encoded(self.value())
        except MemoryError as error:
            header = {"reason": "memory", "failure": told(error, self.file, self.text)}
        except BaseException as error:
            is_refused = isinstance(error, Refused)
            header = {
                "reason": "denied" if is_refused else "error",
                "failure": told(error, self.file, self.text),
            }
        if len(body) > self.request.result:
            header, body = {"reason": "output", "size": len(body)}, b""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass
        header["violations"] = self.guard.violations
        return encoded_header(header), body

    def value(self):
        code = self.code()
        is_script = self.request.is_script
        # By keyword only: the names are the schema's.
        keywords = decoded(self.request.arguments)
        if self.request.context:
            keywords["context"] = decoded(self.request.context)
        builtins = self.guard.install()
        module = types.ModuleType("__main__" if is_script else self.name)
        module.__builtins__ = builtins
        sys.modules[module.__name__] = module
        if is_script:
            module.__dict__.update(keywords)
            module.__dict__.pop(code_check.RESULT_NAME, None)
        # eval, as a script with await at its top level is a coroutine.
        self.awaited(eval(code, module.__dict__))
        if is_script:
            return module.__dict__.get(code_check.RESULT_NAME)
        function = getattr(module, self.name, None)
        if not callable(function):
            raise NameError(f"there is no function {self.name} at the top level")
        return self.awaited(function(**keywords))

    def awaited(self, value):
        if type(value) in PLAIN or not inspect.isawaitable(value):
            return value
        # Made now: most calls wait for nothing, and a loop for each of them would cost half as much as the call.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(value)

    def code(self):
        # A code object of another version of Python would crash this one.
        if self.request.bytecode[: len(MAGIC)] == MAGIC:
            return marshal.loads(self.request.bytecode[len(MAGIC):])
        tree = code_check.parsed(self.text, self.file)
        if self.request.is_safe:
            problems = code_check.Problems(self.text)
            code_check.find_forbidden(tree, problems)
            if problems.found:
                raise Refused(problems.found[0][0], problems.found[0][2])
        return code_check.compiled_tree(tree, self.file, self.request.is_script)

    def encoded(self, value):
        try:
            return as_json(value)
        except (ValueError, TypeError, RecursionError) as error:
            if not self.request.is_script:
                raise ResultError(reason_of(error)) from None
        # For somebody who looks at it.
        return as_json(repr(value)[:MAXIMUM_REPRESENTATION].encode(errors="backslashreplace").decode())


class ResultError(Exception):
    """The result is no JSON."""


scan = json.JSONDecoder().scan_once


def decoded(content):
    """The value of a JSON text of the service's, which has no space around it."""
    return scan(content.decode(), 0)[0]


def encoder(**options):
    """A function from a value to its JSON, as bytes: the library's own, without what it makes anew for each value."""
    own = json.JSONEncoder(**options)
    make = json.encoder.c_make_encoder
    if make is None:
        return lambda value: own.encode(value).encode()
    text = json.encoder.encode_basestring_ascii if own.ensure_ascii else json.encoder.encode_basestring
    parts = make(
        {}, own.default, text, None, own.key_separator, own.item_separator, own.sort_keys, own.skipkeys, own.allow_nan
    )
    return lambda value: "".join(parts(value, 0)).encode()


as_json = encoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"))
# In ASCII: a message may have what is no Unicode.
encoded_header = encoder(separators=(",", ":"))


def reason_of(error):
    if isinstance(error, UnicodeEncodeError):
        return "the result has text that is not Unicode: a lone surrogate"
    if isinstance(error, RecursionError):
        return "the result nests too deep"
    return f"the result is not JSON: {safe_text(error)[:500]}"


def safe_text(error):
    try:
        return str(error)
    except BaseException:
        return "(its text cannot be made)"


def told(error, file, text):
    """Type, message, traceback and line of an exception; only frames of the code itself."""
    name = getattr(type(error), "__name__", "Exception")
    message = safe_text(error)[:MAXIMUM_MESSAGE]
    line = None
    lines = []
    try:
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        if isinstance(error, (SyntaxError, Refused)) and error.lineno:
            line = error.lineno
            if isinstance(error, SyntaxError):
                message = str(error.msg)[:MAXIMUM_MESSAGE]
        elif frames:
            line = frames[-1].lineno
        if len(frames) > MAXIMUM_FRAMES:
            frames = frames[: MAXIMUM_FRAMES // 2] + frames[-MAXIMUM_FRAMES // 2:]
        lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
    except BaseException:
        pass
    lines.append(f"{name}: {message}" if message else name)
    return {
        "type": str(name)[:200],
        "message": message,
        "traceback": "".join(lines)[:MAXIMUM_TRACEBACK],
        "line": line if isinstance(line, int) else None,
    }
