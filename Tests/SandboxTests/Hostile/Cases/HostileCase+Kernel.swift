import Sandbox

extension HostileCase {
    /// System calls that nothing in a function needs, each a way into the kernel.
    static let kernel: [HostileCase] =
        [
            calls(
                "reaches for the mount calls",
                ["open_tree", "move_mount", "fsopen", "mount_setattr", "mount", "umount2"]
            ),
            calls("makes and enters namespaces", ["setns", "unshare"]),
            HostileCase(
                .kernel,
                "makes a namespace in which it is root",
                .python(
                    #"""
                    flags = {"user": 0x10000000, "mount": 0x20000, "process": 0x20000000, "network": 0x40000000}
                    answers = {name: attempt(kernel, "unshare", flag) for name, flag in flags.items()}
                    answers["clone"] = attempt(kernel, "clone", 0x10000000 | 17, 0, 0, 0, 0)
                    answers["thread"] = attempt(kernel, "clone", 0x10000000 | 0x50f00, 0, 0, 0, 0)
                    return answers
                    """#,
                    answers: [
                        "user": "EPERM", "mount": "EPERM", "process": "EPERM", "network": "EPERM", "clone": "EPERM",
                        "thread": "EPERM",
                    ],
                    records: ["unshare"]
                )
            ),
            calls("loads programs into the kernel", ["bpf", "init_module", "finit_module", "kexec_load"]),
            calls("uses io_uring, which no filter sees", ["io_uring_setup", "io_uring_enter", "io_uring_register"]),
            calls("uses the kernel's key rings", ["keyctl", "add_key", "request_key"]),
            calls("watches page faults and counters", ["userfaultfd", "perf_event_open"]),
            calls("administers the machine", ["reboot", "swapon", "acct", "quotactl", "syslog", "sethostname"]),
            calls("sets the clock", ["settimeofday", "clock_settime", "adjtimex"]),
            calls("uses shared memory and queues of System V and POSIX", ["shmget", "msgget", "semget", "mq_open"]),
            HostileCase(
                .kernel,
                "keeps a program in memory and runs it",
                .python(
                    #"""
                    return {
                        "memfd": attempt(os.memfd_create, "owned"), "raw": attempt(kernel, "memfd_create", b"owned", 0),
                        "secret": attempt(kernel, "memfd_secret", 0), "exec": attempt(kernel, "execveat", 3, b"", 0, 0, 0x1000),
                    }
                    """#,
                    answers: ["memfd": "EPERM", "raw": "EPERM", "secret": "EPERM|ENOSYS", "exec": "EPERM"],
                    records: ["memfd_create", "execveat"]
                )
            ),
            HostileCase(
                .kernel,
                "turns the randomisation of addresses off",
                .python(
                    #"""
                    return {"personality": attempt(kernel, "personality", 0x0040000)}
                    """#,
                    answers: ["personality": "EPERM"],
                    records: ["personality"]
                )
            ),
            HostileCase(
                .kernel,
                "types into the terminal",
                .python(
                    #"""
                    letter = ctypes.create_string_buffer(b"\n")
                    answers = {}
                    for name, number in {"sti": 0x5412, "linux": 0x541c, "high": 0x100005412, "steal": 0x540e,
                                         "flags": 0x40086602, "clone": 0x40049409, "wifi": 0x8b00}.items():
                        answers[name] = attempt(kernel, "ioctl", 0, number, letter)
                    return answers
                    """#,
                    answers: [
                        "sti": "EPERM", "linux": "EPERM", "high": "EPERM", "steal": "EPERM", "flags": "EPERM",
                        "clone": "EPERM",
                        "wifi": "EPERM",
                    ]
                )
            ),
            HostileCase(
                .kernel,
                "makes memory that can be written and executed",
                .python(
                    #"""
                    import mmap
                    page = mmap.mmap(-1, 4096)
                    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
                    write("/tmp/code", b"\xc3" * 4096)
                    file = os.open("/tmp/code", os.O_RDWR)
                    return {
                        "all": attempt(mmap.mmap, -1, 4096, prot=7), "execute": attempt(mmap.mmap, -1, 4096, prot=5),
                        "file": attempt(mmap.mmap, file, 4096, mmap.MAP_PRIVATE, 7),
                        "shared": attempt(mmap.mmap, file, 4096, mmap.MAP_SHARED, 5),
                        "later": attempt(kernel, "mprotect", address, 4096, 5),
                        "all later": attempt(kernel, "mprotect", address, 4096, 7),
                        "key": attempt(kernel, "pkey_mprotect", address, 4096, 5, -1),
                        "remap": attempt(kernel, "remap_file_pages", address, 4096, 0, 0, 0),
                    }
                    """#,
                    answers: [
                        "all": "EPERM|EACCES", "execute": "EPERM|EACCES", "file": "EPERM|EACCES",
                        "shared": "EPERM|EACCES",
                        "later": "EPERM|EACCES", "all later": "EPERM|EACCES", "key": "EPERM|ENOSYS",
                        "remap": "EPERM|ENOSYS",
                    ]
                )
            ),
            HostileCase(
                .kernel,
                "changes the segments and ports of the processor",
                .python(
                    #"""
                    return kernels("modify_ldt", "iopl", "ioperm")
                    """#,
                    answers: ["modify_ldt": "EPERM|ENOSYS", "iopl": "EPERM|ENOSYS", "ioperm": "EPERM|ENOSYS"]
                )
            ),
            HostileCase(
                .kernel,
                "calls by the numbers of another architecture",
                .python(
                    #"""
                    libc.syscall(ctypes.c_long(0x40000000 | 39))
                    for number in range(512, 548):
                        libc.syscall(ctypes.c_long(0x40000000 | number), ctypes.c_long(0), ctypes.c_long(0), ctypes.c_long(0))
                    ctypes.set_errno(0)
                    fork = libc.syscall(ctypes.c_long(0x40000000 | 57))
                    return {"fork": errno.errorcode.get(ctypes.get_errno()) if fork == -1 else "BREACH"}
                    """#,
                    ends: [.ok, .killed, .denied]
                )
            ),
            HostileCase(
                .kernel,
                "filters its own system calls",
                .python(
                    #"""
                    return {
                        "listener": attempt(kernel, "seccomp", 1, 8, 0), "strict": attempt(kernel, "seccomp", 0, 0, 0),
                        "prctl": attempt(kernel, "prctl", 22, 2, 0, 0, 0), "dump": attempt(kernel, "prctl", 4, 1, 0, 0, 0),
                        "time": attempt(kernel, "prctl", 26, 2, 0, 0, 0), "mm": attempt(kernel, "prctl", 35, 1, 0, 0, 0),
                    }
                    """#,
                    answers: [
                        "listener": "EPERM", "strict": "EPERM", "prctl": "EPERM", "dump": "EPERM", "time": "EPERM",
                        "mm": "EPERM",
                    ],
                    records: ["seccomp"]
                )
            ),
            HostileCase(
                .kernel,
                "moves data between pipes past the page cache's rules",
                .python(
                    #"""
                    reading, writing = os.pipe()
                    source = os.open("/usr/bin/env", os.O_RDONLY)
                    return {
                        "splice": attempt(os.splice, source, writing, 1, offset_src=0),
                        "vmsplice": attempt(kernel, "vmsplice", writing, 0, 0, 0),
                        "inotify": attempt(kernel, "inotify_init"),
                    }
                    """#,
                    answers: ["splice": "EPERM", "vmsplice": "EPERM", "inotify": "EPERM|ENOSYS"]
                )
            ),
        ] + stride(from: 0, to: 480, by: 30).map(sweep)

    /// Every system call of a range, with arguments that are none.
    ///
    /// In small ranges: whoever makes too many calls that are refused is killed.
    private static func sweep(from first: Int) -> HostileCase {
        let body = #"""
            # Those that end, stop or block a process by design, and those that undo what the answer is given with.
            spared = {0, 1, 3, 7, 9, 10, 11, 12, 13, 15, 17, 19, 20, 22, 23, 25, 28, 32, 33, 34, 35, 45, 47, 56, 60, 61,
                      72, 73, 100, 128, 130, 131, 202, 218, 219, 230, 231, 232, 270, 271, 273, 281, 292, 293, 295, 327,
                      334, 335, 336, 436, 441, 449, 454, 455, 456}
            # Those that a function may make.
            allowed = {2, 4, 5, 6, 8, 14, 16, 18, 21, 24, 26, 27, 29, 36, 37, 38, 39, 40, 44, 46, 48, 53, 63, 74, 75, 76,
                       77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 95, 96, 97, 98, 99, 102, 104, 107,
                       108, 110, 111, 115, 118, 120, 121, 124, 127, 132, 137, 138, 140, 143, 145, 146, 147, 148, 149,
                       157, 158, 186, 187, 191, 192, 193, 194, 195, 196, 201, 203, 204, 213, 217, 221, 227, 228, 229, 233, 234, 235, 247, 257, 258,
                       261, 262, 263, 264, 265, 266, 267, 268, 269, 274, 275, 276, 277, 280, 283, 284, 285, 286, 287,
                       288, 289, 290, 291, 296, 302, 306, 309, 314, 316, 318, 324, 326, 328, 332, 439}
            passed = []
            for number in range(FIRST, FIRST + 30) if os.uname().machine == "x86_64" else ():
                if number in spared or number in allowed:
                    continue
                ctypes.set_errno(0)
                result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
                if result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                    passed.append(number)
            return {"open": passed}
            """#
        return HostileCase(
            .kernel,
            "tries every system call from \(first)",
            .python(body.replacing("FIRST", with: "\(first)"), answers: ["open": "[]"])
        )
    }

    private static func calls(_ name: String, _ names: [String]) -> HostileCase {
        HostileCase(
            .kernel,
            name,
            .python(
                "return kernels(\(names.map { "\"\($0)\"" }.joined(separator: ", ")))",
                answers: Dictionary(uniqueKeysWithValues: names.map { ($0, "EPERM") }),
                records: names
            )
        )
    }
}
