import JSON
import Sandbox

extension HostileCase {
    /// What the process was given that is not meant for the code.
    static let environment: [HostileCase] = [
        HostileCase(
            .environment,
            "reads the service's variables",
            .python(
                #"""
                known = {"PATH", "HOME", "LANG", "LC_CTYPE", "PWD", "TZ", "PYTHONHASHSEED"}
                return {
                    "others": sorted(set(os.environ) - known), "canary": os.environ.get("AGENTCTL_CANARY"),
                    "home": os.environ.get("HOME"), "python": libc.getenv(b"AGENTCTL_CANARY"),
                }
                """#,
                answers: ["others": "[]", "canary": "null", "home": "/workspace|/tmp", "python": "0"]
            )
        ),
        HostileCase(
            .environment,
            "reads the environment of its ancestors",
            .python(
                #"""
                return {
                    "first": attempt(read, "/proc/1/environ"), "own": attempt(read, "/proc/self/environ"),
                    "service": attempt(read, "/proc/@PID@/environ"), "task": attempt(read, "/proc/self/task/1/environ"),
                }
                """#,
                answers: ["first": absent, "own": absent, "service": absent, "task": absent]
            )
        ),
        HostileCase(
            .environment,
            "searches the stack on which the interpreter was started",
            .python(
                #"""
                start = ctypes.cast(ctypes.c_void_p.in_dll(libc, "environ").value, ctypes.POINTER(ctypes.c_char_p))
                names = []
                while start[len(names)]:
                    names.append(start[len(names)].split(b"=")[0].decode())
                return {"others": sorted(set(names) - {"PATH", "HOME", "LANG", "LC_CTYPE", "PWD", "TZ", "PYTHONHASHSEED"})}
                """#,
                answers: ["others": "[]"]
            )
        ),
        HostileCase(
            .environment,
            "learns the host's name and places from its arguments",
            .python(
                #"""
                import socket, sys
                words = " ".join(sys.argv + sys.orig_argv + sys.path)
                return {
                    "host": os.uname().nodename, "also": socket.gethostname(), "service": "@HOST@" in words,
                    "directory": os.getcwd() in ("/", "/workspace", "/tmp"),
                }
                """#,
                answers: ["host": "sandbox", "also": "sandbox", "service": "false", "directory": "true"]
            )
        ),
        HostileCase(
            .environment,
            "is somebody",
            .python(
                #"""
                return {
                    "user": os.getuid(), "effective": os.geteuid(), "group": os.getgid(),
                    "groups": [number for number in os.getgroups() if number == 0],
                    "parent": os.getppid(), "process": os.getpid(),
                }
                """#,
                answers: [
                    "user": "65534", "effective": "65534", "group": "65534", "groups": "[]", "parent": "0",
                    "process": "1",
                ]
            )
        ),
        HostileCase(
            .environment,
            "finds a secret in another call's memory",
            .python(
                #"""
                return {"length": len(context["secrets"]["TOKEN"])}
                """#,
                context: ["secrets": ["TOKEN": "@SECRET@"]],
                answers: ["length": "32"]
            ),
            .python(
                #"""
                import gc
                texts = [text for thing in gc.get_objects() if isinstance(thing, dict) for text in thing.values()]
                return {"found": sum(1 for text in texts if isinstance(text, dict) and "TOKEN" in text)}
                """#,
                answers: ["found": "0"]
            )
        ),
    ]
}
