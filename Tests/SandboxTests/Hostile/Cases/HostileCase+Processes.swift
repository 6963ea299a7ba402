import Sandbox
import SandboxProbe

extension HostileCase {
    /// Other processes: making them, reaching them, outliving the call.
    static let processes: [HostileCase] = [
        HostileCase(
            .processes,
            "forks",
            .python(
                #"""
                return {"fork": attempt(os.fork), "forkpty": attempt(os.forkpty)}
                """#,
                answers: ["fork": "EPERM", "forkpty": "EPERM|ENOENT|EACCES"],
                records: ["clone"]
            )
        ),
        HostileCase(
            .processes,
            "forks past the C library",
            .python(
                #"""
                arguments = ctypes.create_string_buffer(88)
                return {
                    "clone": attempt(kernel, "clone", 17, 0, 0, 0, 0), "vm": attempt(kernel, "clone", 0x100 | 17, 0, 0, 0, 0),
                    "clone3": attempt(kernel, "clone3", arguments, 88),
                    "fork": attempt(kernel, "fork"), "vfork": attempt(kernel, "vfork"),
                }
                """#,
                answers: [
                    "clone": "EPERM", "vm": "EPERM", "clone3": "ENOSYS", "fork": "EPERM|ENOSYS",
                    "vfork": "EPERM|ENOSYS",
                ],
                records: ["clone"]
            )
        ),
        HostileCase(
            .processes,
            "becomes another program",
            .python(
                #"""
                return {
                    "execv": attempt(os.execv, "/usr/bin/env", ["env"]),
                    "shell": attempt(os.execv, "/bin/sh", ["sh", "-c", "touch /tmp/owned"]),
                    "execveat": attempt(kernel, "execveat", -100, b"/usr/bin/env", 0, 0, 0),
                }
                """#,
                answers: ["execv": "EPERM", "shell": "EPERM", "execveat": "EPERM"],
                records: ["execve"]
            )
        ),
        HostileCase(
            .processes,
            "runs a shell",
            .python(
                #"""
                import subprocess
                return {
                    "system": os.system("touch /workspace/owned"), "run": attempt(subprocess.run, ["/bin/true"]),
                    "popen": attempt(os.popen, "id"), "spawn": attempt(os.posix_spawn, "/bin/true", ["true"], {}),
                    "exists": os.path.exists("/workspace/owned"),
                }
                """#,
                workspace: .writable,
                answers: ["system": "-1|32512", "run": "EPERM", "popen": "EPERM", "spawn": "EPERM", "exists": "false"]
            )
        ),
        HostileCase(
            .processes,
            "starts workers of its own",
            .python(
                #"""
                import concurrent.futures, multiprocessing
                def pool():
                    with concurrent.futures.ProcessPoolExecutor(1) as executor:
                        return executor.submit(os.getpid).result()
                process = multiprocessing.get_context("fork").Process(target=os.getpid)
                return {"process": attempt(process.start), "pool": attempt(pool)}
                """#,
                answers: [
                    "process": "EPERM",
                    "pool": "EPERM|ENOENT|EACCES|OSError|NotImplementedError|ImportError|ModuleNotFoundError",
                ]
            )
        ),
        HostileCase(
            .processes,
            "kills the service and its neighbours",
            .python(
                #"""
                return {
                    "service": attempt(os.kill, @PID@, 9), "everybody": attempt(os.kill, -1, 9),
                    "group": attempt(os.killpg, 0, 9), "zygote": attempt(os.kill, 2, 9),
                    "canary": attempt(os.kill, @CANARY@, 9),
                }
                """#,
                answers: [
                    "service": "EPERM", "everybody": "EPERM", "group": "EPERM", "zygote": "EPERM", "canary": "EPERM",
                ],
                records: ["kill"]
            )
        ),
        HostileCase(
            .processes,
            "signals its parent in other ways",
            .python(
                #"""
                return {
                    "tgkill": attempt(kernel, "tgkill", @PID@, @PID@, 9), "tkill": attempt(kernel, "tkill", 2, 9),
                    "queue": attempt(kernel, "rt_sigqueueinfo", @PID@, 9, 0),
                    "pidfd": attempt(kernel, "pidfd_open", 1, 0),
                    "send": attempt(kernel, "pidfd_send_signal", 0, 9, 0, 0), "parent": os.getppid(),
                }
                """#,
                answers: [
                    "tgkill": "EPERM", "tkill": "EPERM", "queue": "EPERM", "pidfd": "EPERM", "send": "EPERM",
                    "parent": "0",
                ]
            )
        ),
        HostileCase(
            .processes,
            "traces and reads other processes",
            .python(
                #"""
                return {
                    "attach": attempt(kernel, "ptrace", 16, @PID@, 0, 0), "me": attempt(kernel, "ptrace", 0, 0, 0, 0),
                    "read": attempt(kernel, "process_vm_readv", 1, 0, 0, 0, 0, 0),
                    "write": attempt(kernel, "process_vm_writev", 1, 0, 0, 0, 0, 0),
                    "getfd": attempt(kernel, "pidfd_getfd", 0, 0, 0), "kcmp": attempt(kernel, "kcmp", 1, 1, 0, 0, 0),
                    "advise": attempt(kernel, "process_madvise", 0, 0, 0, 0, 0),
                }
                """#,
                answers: [
                    "attach": "EPERM", "me": "EPERM", "read": "EPERM", "write": "EPERM", "getfd": "EPERM",
                    "kcmp": "EPERM",
                    "advise": "EPERM",
                ],
                records: ["ptrace", "process_vm_readv"]
            )
        ),
        HostileCase(
            .processes,
            "leaves its session and lives on",
            .python(
                #"""
                def survivor():
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            while True:
                                pass
                return {
                    "double": attempt(survivor), "setsid": attempt(os.setsid), "setpgid": attempt(os.setpgid, 0, 0),
                    "death": attempt(kernel, "prctl", 1, 0, 0, 0, 0),
                    "reaper": attempt(kernel, "prctl", 36, 1, 0, 0, 0),
                }
                """#,
                answers: [
                    "double": "EPERM", "setsid": "EPERM", "setpgid": "EPERM", "death": "EPERM", "reaper": "EPERM",
                ]
            )
        ),
        HostileCase(
            .processes,
            "raises its rights",
            .python(
                #"""
                header = (ctypes.c_uint32 * 2)(0x20080522, 0)
                data = (ctypes.c_uint32 * 6)(*([0xffffffff] * 6))
                return {
                    "setuid": attempt(kernel, "setuid", 0), "setresuid": attempt(kernel, "setresuid", 0, 0, 0),
                    "groups": attempt(kernel, "setgroups", 0, 0), "capset": attempt(kernel, "capset", header, data),
                    "ambient": attempt(kernel, "prctl", 47, 2, 21, 0, 0), "keep": attempt(kernel, "prctl", 8, 1, 0, 0, 0),
                    "privileges": libc.prctl(39, 0, 0, 0, 0),
                }
                """#,
                answers: [
                    "setuid": "EPERM", "setresuid": "EPERM", "groups": "EPERM", "capset": "EPERM", "ambient": "EPERM",
                    "keep": "EPERM", "privileges": "1",
                ]
            )
        ),
        HostileCase(
            .processes,
            "takes the processor and the limits",
            .python(
                #"""
                import resource
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                return {
                    "nice": attempt(os.nice, -20), "priority": attempt(os.setpriority, 0, @PID@, 19),
                    "affinity": attempt(os.sched_setaffinity, 0, {0}),
                    "realtime": attempt(os.sched_setscheduler, 0, 1, os.sched_param(99)),
                    "memory": attempt(resource.setrlimit, resource.RLIMIT_AS, unlimited),
                    "files": attempt(resource.setrlimit, resource.RLIMIT_FSIZE, unlimited),
                    "other": attempt(resource.prlimit, @PID@, resource.RLIMIT_CPU, (1, 1)),
                }
                """#,
                answers: [
                    "nice": "EPERM", "priority": "EPERM|ESRCH", "affinity": "EPERM", "realtime": "EPERM",
                    "memory": "EPERM|ValueError", "files": "EPERM|ValueError", "other": "EPERM|ESRCH",
                ]
            )
        ),
    ]
}
