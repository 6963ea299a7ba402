"""What the interpreter itself can tell about an author's mistakes: a courtesy, never the boundary.

The guard refuses imports that are not on the list, and notes files opened for writing where the kernel will refuse it.
Hostile code can go around both; what it reports is marked as seen by the interpreter.
"""

import builtins
import os
import sys
import sysconfig

from code_check import described, is_allowed

_LIBRARY = (sysconfig.get_path("stdlib") + "/", "<frozen ")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_TAKEN_IN_SAFE_MODE = ("open", "eval", "exec", "compile", "globals", "locals", "vars", "breakpoint", "input")
MAXIMUM_VIOLATIONS = 32


# A change of the class, or of a name of the module, would undo what the interpreter has adapted.
rehearsing = [False]


class Guard:
    def __init__(self, allowed, is_safe, writable_roots):
        self.allowed = allowed
        self.is_safe = is_safe
        self.writable_roots = writable_roots
        self.violations = []
        self.import_module = builtins.__import__

    def note(self, kind, detail):
        violation = [kind, detail[:200]]
        if len(self.violations) < MAXIMUM_VIOLATIONS and violation not in self.violations:
            self.violations.append(violation)

    def install(self):
        """The builtins of the code's module."""
        names = _prepared[self.is_safe]
        names["__import__"] = self.import_module if "*" in self.allowed else self.guarded_import
        # A hook cannot be taken away again.
        if rehearsing[0]:
            self.audit("import", ())
        else:
            sys.addaudithook(self.audit)
        return names

    def guarded_import(self, name, globals=None, locals=None, fromlist=(), level=0):
        # The library may import what it needs; the code what is on its list.
        file = sys._getframe(1).f_code.co_filename
        if level == 0 and not file.startswith(_LIBRARY) and not is_allowed(name, self.allowed):
            self.note("denied_import", name)
            raise ImportError(f"import of {name} is not allowed; allowed are {described(self.allowed)}", name=name)
        return self.import_module(name, globals, locals, fromlist, level)

    def audit(self, event, arguments):
        if event != "open":
            return
        path, _, flags = arguments
        if isinstance(path, int) or path is None or not isinstance(flags, int) or not flags & _WRITES:
            return
        try:
            where = os.path.abspath(os.fsdecode(path))
        except Exception:
            return
        if where != "/dev/null" and not any(where.startswith(root) for root in self.writable_roots):
            self.note("write_outside", where)


def refusal(name):
    def refused(*arguments, **keywords):
        raise PermissionError(f"{name} is not allowed in safe mode")

    refused.__name__ = name
    return refused


# By whether the code is safe. Made once, for one call in each worker: a copy writes to every object that it has.
_prepared = {is_safe: dict(vars(builtins)) for is_safe in (False, True)}
_prepared[True].update({name: refusal(name) for name in _TAKEN_IN_SAFE_MODE})
