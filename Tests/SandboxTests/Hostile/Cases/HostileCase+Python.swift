import Sandbox

extension HostileCase {
    /// Ways around safe mode and the list of modules: whether they work or not, the kernel holds.
    static let python: [HostileCase] = [
        HostileCase(
            .python,
            "imports what is not on the list",
            .python(
                #"""
                import socket
                return socket.gethostname()
                """#,
                isSafeMode: true,
                ends: [.denied],
                says: ["socket"]
            )
        ),
        HostileCase(
            .python,
            "imports in other words",
            .python(#"return __import__("o" + "s").listdir("/")"#, isSafeMode: true, ends: [.denied, .error])
        ),
        HostileCase(
            .python,
            "opens a file in safe mode",
            .python(#"return open("/etc/shadow").read()"#, isSafeMode: true, ends: [.denied, .error])
        ),
        escape(
            "walks the subclasses of everything",
            #"""
            classes = [kind for kind in ().__class__.__base__.__subclasses__() if kind.__name__ == "_wrap_close"]
            os = classes[0].__init__.__globals__["sys"].modules["os"]
            """#
        ),
        escape(
            "finds a module inside of an allowed one",
            #"""
            import random
            os = random._os
            """#
        ),
        escape(
            "asks a function for its globals",
            #"""
            import json
            os = json.loads.__globals__["codecs"].open.__globals__["__builtins__"]["__import__"]("os")
            """#
        ),
        escape(
            "takes the builtins from a built-in",
            #"""
            os = print.__self__.__import__("os")
            """#
        ),
        escape(
            "climbs the frames of a generator",
            #"""
            def climb():
                yield generator.gi_frame.f_back
            generator = climb()
            frame = next(generator)
            while frame.f_back:
                frame = frame.f_back
            os = frame.f_globals["os"] if "os" in frame.f_globals else frame.f_builtins["__import__"]("os")
            """#
        ),
        escape(
            "climbs the frames of a traceback",
            #"""
            try:
                1 / 0
            except ZeroDivisionError as error:
                frame = error.__traceback__.tb_frame
            while frame.f_back:
                frame = frame.f_back
            os = frame.f_builtins["__import__"]("os")
            """#
        ),
        escape(
            "builds the names of attributes",
            #"""
            import functools, itertools, re
            enum = functools.reduce(getattr, ["enum", "sys", "modules"], re)
            os = enum["os"]
            """#
        ),
        escape(
            "gets attributes through an operator",
            #"""
            import collections
            getter = collections._itemgetter.__class__ and collections.namedtuple.__globals__["_sys"].modules["operator"]
            os = getter.attrgetter("__globals__")(collections.namedtuple)["_sys"].modules["os"]
            """#
        ),
        escape(
            "asks the collector for all objects",
            #"""
            import re
            gc = re.enum.sys.modules["gc"]
            os = [thing for thing in gc.get_referents(re.enum.sys.modules) if getattr(thing, "__name__", "") == "os" and hasattr(thing, "fork")][0]
            """#
        ),
        escape(
            "takes a guard's code away from it",
            #"""
            guard = __builtins__["__import__"] if isinstance(__builtins__, dict) else __builtins__.__import__
            if hasattr(guard, "__code__"):
                guard.__code__ = (lambda *arguments, **named: None).__code__
            for cell in getattr(guard, "__closure__", None) or ():
                if callable(cell.cell_contents):
                    guard = cell.cell_contents
            os = guard("os")
            os.listdir
            """#
        ),
        HostileCase(
            .python,
            "makes bytecode that no compiler makes",
            .python(
                #"""
                def f(): return 1
                f.__code__ = f.__code__.replace(co_code=bytes([100, 255, 116, 255, 131, 255, 83, 0] * 8), co_stacksize=1)
                return f()
                """#,
                ends: [.killed, .error]
            )
        ),
        HostileCase(
            .python,
            "loads a native library in safe mode",
            .python(
                #"""
                import re
                ctypes = re.enum.sys.modules.get("ctypes")
                libc = ctypes.CDLL(None, use_errno=True)
                return {"socket": libc.socket(1, 1, 0), "fork": libc.fork(), "kill": libc.kill(-1, 9)}
                """#,
                isSafeMode: true,
                ends: [.ok, .denied, .error]
            )
        ),
        HostileCase(
            .python,
            "is a module whose text is no text",
            .module("def attack():\n    return '\u{0}'\n\u{FEFF}\u{202E}# \u{2028}\n", ends: [.ok, .error])
        ),
        HostileCase(
            .python,
            "names another coding for its text",
            .module("# -*- coding: utf-7 -*-\ndef attack():\n    return '+AGEAYg-'\n", ends: [.ok, .error])
        ),
        HostileCase(
            .python,
            "has no such function, or it is none",
            .module("attack = 42\n", ends: [.error])
        ),
    ]

    /// Gets `os` in spite of safe mode, and then attacks the kernel with it.
    private static func escape(_ name: String, _ way: String) -> HostileCase {
        let attack = #"""

            def attempt(action, *arguments):
                try:
                    value = action(*arguments)
                except Exception as error:
                    return type(error).__name__
                return "BREACH: " + repr(value)[:200]
            return {
                "shadow": attempt(os.open, "/etc/shadow", 0), "secret": attempt(os.open, "@HOST@/other/secret.txt", 0),
                "fork": attempt(os.fork), "exec": attempt(os.execv, "/bin/sh", ["sh"]), "kill": attempt(os.kill, -1, 9),
                "root": attempt(os.setuid, 0), "write": attempt(os.open, "/usr/owned", 65),
            }
            """#
        let refused = "FileNotFoundError|PermissionError|OSError"
        let answers = Dictionary(
            uniqueKeysWithValues: ["shadow", "secret", "fork", "exec", "kill", "root", "write"].map { ($0, refused) }
        )
        return HostileCase(
            .python,
            name,
            .python(way + attack, isSafeMode: true, ends: [.ok, .denied, .error], answers: answers),
            // The same when nothing but the kernel is in the way.
            .python(way + attack, answers: answers)
        )
    }
}
