import Sandbox
import SandboxProbe

extension HostileCase {
    /// What one call leaves for the next.
    static let state: [HostileCase] = [
        HostileCase(
            .state,
            "leaves globals and changed builtins",
            .python(
                #"""
                import builtins, sys
                builtins.owned = sys.owned = True
                builtins.len = lambda _: 42
                builtins.__import__ = None
                return {"left": True}
                """#,
                ends: [.ok, .error, .killed]
            ),
            .python(
                #"""
                import builtins, sys
                return {"builtins": hasattr(builtins, "owned"), "sys": hasattr(sys, "owned"), "len": len("abc")}
                """#,
                answers: ["builtins": "false", "sys": "false", "len": "3"]
            )
        ),
        HostileCase(
            .state,
            "poisons modules that others import",
            .python(
                #"""
                import json, math, sys, types
                math.pi, json.loads = 3, lambda _: "owned"
                sys.modules["statistics"] = types.ModuleType("statistics")
                sys.path.insert(0, "/workspace"); sys.meta_path.clear(); sys.path_hooks.clear()
                return {"left": True}
                """#,
                ends: [.ok, .error]
            ),
            .python(
                #"""
                import json, math, statistics, sys
                return {"pi": math.pi > 3.1, "json": json.loads("1"), "mean": statistics.mean([1, 3]),
                        "path": "/workspace" in sys.path}
                """#,
                answers: ["pi": "true", "json": "1", "mean": "2", "path": "false"]
            )
        ),
        HostileCase(
            .state,
            "leaves files in /tmp",
            .python(
                #"""
                write("/tmp/owned"); os.mkdir("/tmp/folder")
                return {"left": len(os.listdir("/tmp"))}
                """#,
                answers: ["left": "2"]
            ),
            .python("return {'found': os.listdir('/tmp')}", answers: ["found": "[]"])
        ),
        HostileCase(
            .state,
            "leaves a thread that writes when nobody looks",
            .python(
                #"""
                import threading, time
                def later():
                    for number in range(10_000):
                        time.sleep(0.001)
                        write("/tmp/late-%d" % number)
                    write("/workspace/late")
                threading.Thread(target=later, daemon=True).start()
                return {"left": True}
                """#,
                workspace: .writable,
                answers: ["left": "true"]
            ),
            .python(
                #"""
                import threading
                return {"threads": threading.active_count(), "late": os.path.exists("late"), "tmp": os.listdir("/tmp")}
                """#,
                workspace: .readOnly,
                answers: ["threads": "1", "late": "false", "tmp": "[]"]
            )
        ),
        HostileCase(
            .state,
            "knows the next call's random numbers",
            .python(
                #"""
                import random
                random.seed(4)
                return {"first": random.getrandbits(32)}
                """#
            ),
            .python(
                #"""
                import random
                numbers = random.getrandbits(32)
                return {"same": numbers == random.Random(4).getrandbits(32) or numbers == random.Random(0).getrandbits(32)}
                """#,
                answers: ["same": "false"]
            )
        ),
        HostileCase(
            .state,
            "leaves variables, a directory, a mask and limits",
            .python(
                #"""
                import decimal, resource, sys
                os.environ["OWNED"] = "1"; os.chdir("/tmp"); os.umask(0o777)
                decimal.getcontext().prec = 2; sys.setrecursionlimit(50)
                resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
                return {"left": True}
                """#,
                ends: [.ok, .error, .killed]
            ),
            .python(
                #"""
                import decimal, sys
                mask = os.umask(0o022)
                return {"environment": "OWNED" in os.environ, "directory": os.getcwd() == "/tmp", "mask": mask == 0o777,
                        "precision": decimal.getcontext().prec, "depth": sys.getrecursionlimit()}
                """#,
                answers: [
                    "environment": "false", "directory": "false", "mask": "false", "precision": "28", "depth": "1000",
                ]
            )
        ),
        HostileCase(
            .state,
            "puts modules into the workspace for others to import",
            .python(
                #"""
                os.makedirs("__pycache__", exist_ok=True)
                for name in ("json", "csv", "sitecustomize", "usercustomize", "random", "code_runner"):
                    write(name + ".py", b"raise SystemExit('owned')")
                    write("__pycache__/" + name + ".cpython-311.pyc", b"owned")
                return {"left": True}
                """#,
                workspace: .writable,
                answers: ["left": "true"]
            ),
            .python(
                #"""
                import csv, json, random, sys
                return {"json": json.__file__.startswith("/usr/"), "csv": csv.__file__.startswith("/usr/"),
                        "path": any(entry in ("", ".", "/workspace") for entry in sys.path)}
                """#,
                workspace: .writable,
                answers: ["json": "true", "csv": "true", "path": "false"]
            )
        ),
        HostileCase(
            .state,
            "writes into the memory that workers are made from",
            .python(
                #"""
                # The small number 7 becomes 8, in this process at least.
                ctypes.c_uint32.from_address(id(7) + 24).value = 8
                return {"left": True}
                """#,
                ends: [.ok, .error, .killed]
            ),
            .python("return {'seven': int('3') + int('4')}", answers: ["seven": "7"])
        ),
        HostileCase(
            .state,
            "leaves a handler for signals and a timer",
            .python(
                #"""
                import signal
                signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.alarm(1)
                signal.set_wakeup_fd(-1)
                return {"left": True}
                """#
            ),
            .python(
                #"""
                import signal
                return {"handler": signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, "timer": signal.getitimer(0)[0] == 0}
                """#,
                answers: ["handler": "false", "timer": "true"]
            )
        ),
        HostileCase(
            .state,
            "reads what is meant for the service",
            .python(
                #"""
                import sys
                return {"input": attempt(sys.stdin.read), "raw": attempt(os.read, 0, 100)}
                """#,
                answers: [
                    "input": "BREACH: ''|AttributeError|EBADF|UnsupportedOperation|OSError", "raw": "BREACH: b''|EBADF",
                ]
            )
        ),
    ]
}
