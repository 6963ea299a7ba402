"""Runs a module in a sealed worker and puts into words what came of it."""

import _random
import asyncio
import importlib.util
import inspect
import json
import linecache
import marshal
import random
import sys
import traceback
import types

import code_check
from guard import Guard

MAXIMUM_MESSAGE = 4_000
MAXIMUM_TRACEBACK = 8_000
MAXIMUM_FRAMES = 20
MAXIMUM_REPRESENTATION = 10_000
MAGIC = importlib.util.MAGIC_NUMBER
PLAIN = frozenset((type(None), bool, int, float, str, list, tuple, dict))
seed = _random.Random.seed


class Refused(Exception):
    """The text has a construct that safe mode refuses."""

    def __init__(self, line, message):
        super().__init__(message)
        self.lineno = line


def prepare():
    """Runs paths that only some calls take once, so that no worker has to."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    code_check.check("def f(x=1):\n    return x", "f", False, ["math"], True)
    try:
        raise ValueError("x")
    except ValueError as error:
        told(error, "<f>", "")
    Guard.is_rehearsal = True


def rehearsal(header, is_compiled):
    """The request of a call that is run before there is one."""
    text = "import json\ndef rehearsal(x=1):\n    return {'x': [x, None, True, 1.5, json.dumps('text')]}\n"
    bytecode = MAGIC + marshal.dumps(code_check.compiled(text, "<rehearsal>", False)) if is_compiled else b""
    settings = {
        "action": "run", "name": "rehearsal", "isScript": False, "imports": ["json"], "isSafe": True,
        "workspace": "none", "writable": ["/tmp/"], "memory": 0, "file": 0, "result": 1000, "processor": 0,
    }
    parts = [json.dumps(settings).encode(), text.encode(), bytecode, b'{"x": 2}', b""]
    return header.pack(*map(len, parts)) + b"".join(parts)


def end_rehearsals():
    Guard.is_rehearsal = False
    del sys.modules["rehearsal"]


def answer(settings, parts):
    """The header and the body of the answer."""
    source, bytecode, arguments, context = parts
    try:
        text = source.decode()
        if settings["action"] == "check":
            return checked(settings, text)
        # The generator that every process would have a copy of.
        seed(random._inst)
        return Run(settings, text, bytecode).answer(arguments, context)
    except MemoryError:
        return {"reason": "memory"}, b""


def checked(settings, text):
    name, is_script = settings["name"], settings["isScript"]
    report, code = code_check.check(text, name, is_script, settings["imports"], settings["isSafe"])
    return {"reason": "ok", "module": report}, b"" if code is None else MAGIC + marshal.dumps(code)


class Run:
    def __init__(self, settings, text, bytecode):
        self.settings = settings
        self.text = text
        self.bytecode = bytecode
        self.name = settings["name"]
        self.file = f"<{self.name}>"
        self.is_script = settings["isScript"]
        self.guard = Guard(settings["imports"], settings["isSafe"], settings["writable"])

    def answer(self, arguments, context):
        header, body = {"reason": "ok"}, b""
        try:
            body = self.encoded(self.value(arguments, context))
        except MemoryError as error:
            header = {"reason": "memory", "failure": told(error, self.file, self.text)}
        except BaseException as error:
            is_refused = isinstance(error, Refused)
            header = {
                "reason": "denied" if is_refused else "error",
                "failure": told(error, self.file, self.text),
            }
        if len(body) > self.settings["result"]:
            header, body = {"reason": "output", "size": len(body)}, b""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass
        header["violations"] = self.guard.violations
        return header, body

    def value(self, arguments, context):
        code = self.code()
        # By keyword only: the names are the schema's.
        keywords = decoded(arguments)
        if context:
            keywords["context"] = decoded(context)
        builtins = self.guard.install()
        module = types.ModuleType("__main__" if self.is_script else self.name)
        module.__builtins__ = builtins
        sys.modules[module.__name__] = module
        if self.is_script:
            module.__dict__.update(keywords)
            module.__dict__.pop(code_check.RESULT_NAME, None)
        # eval, as a script with await at its top level is a coroutine.
        self.awaited(eval(code, module.__dict__))
        if self.is_script:
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
        if self.bytecode[: len(MAGIC)] == MAGIC:
            return marshal.loads(self.bytecode[len(MAGIC):])
        tree = code_check.parsed(self.text, self.file)
        if self.settings["isSafe"]:
            problems = code_check.Problems(self.text)
            code_check.find_forbidden(tree, problems)
            if problems.found:
                raise Refused(problems.found[0][0], problems.found[0][2])
        return code_check.compiled_tree(tree, self.file, self.is_script)

    def encoded(self, value):
        try:
            return as_json(value)
        except (ValueError, TypeError, RecursionError) as error:
            if not self.is_script:
                raise ResultError(reason_of(error)) from None
        # For somebody who looks at it.
        return as_json(repr(value)[:MAXIMUM_REPRESENTATION].encode(errors="backslashreplace").decode())


class ResultError(Exception):
    """The result is no JSON."""


scan = json.JSONDecoder().scan_once


def decoded(content):
    """The value of a JSON text of the service's, which has no space around it."""
    return scan(content.decode(), 0)[0]


encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def as_json(value):
    return encode(value).encode()


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
