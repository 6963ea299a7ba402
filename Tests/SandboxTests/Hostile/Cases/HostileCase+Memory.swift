import Sandbox

extension HostileCase {
    /// More memory than there is.
    static let memory: [HostileCase] = [
        bomb("takes it in one piece", "return len(bytearray(8 << 30))"),
        bomb(
            "takes it in small pieces",
            #"""
            kept = []
            while True:
                kept.append(bytearray(65_536))
            """#
        ),
        bomb(
            "doubles a string",
            #"""
            text = "x"
            while True:
                text += text
            """#
        ),
        bomb("computes a number of all the digits", "return len(str((1 << (1 << 36)) + 1))"),
        bomb(
            "unpacks a compressed bomb",
            #"""
            import zlib
            packer = zlib.compressobj(9)
            packed = b"".join([packer.compress(bytes(1 << 20)) for _ in range(1024)] + [packer.flush()])
            return len(zlib.decompress(packed))
            """#
        ),
        bomb("makes a list of everything", "return len(list(range(1 << 34)))"),
        HostileCase(
            .memory,
            "maps memory past the interpreter",
            .python(
                #"""
                import mmap
                def take(flags):
                    kept = []
                    while True:
                        page = mmap.mmap(-1, 8 << 20, flags)
                        for offset in range(0, 8 << 20, 4096):
                            page[offset] = 1
                        kept.append(page)
                return {"private": attempt(take, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS),
                        "shared": attempt(take, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)}
                """#,
                ends: [.ok, .memory],
                answers: ["private": "ENOMEM|MemoryError", "shared": "ENOMEM|MemoryError"]
            )
        ),
        HostileCase(
            .memory,
            "takes it from the C library",
            .python(
                #"""
                libc.malloc.restype = ctypes.c_void_p
                taken = 0
                while taken < 4096:
                    block = libc.malloc(1 << 20)
                    if not block:
                        break
                    ctypes.memset(block, 1, 1 << 20)
                    taken += 1
                return {"few": taken < 200}
                """#,
                answers: ["few": "true"]
            )
        ),
        HostileCase(
            .memory,
            "catches the error and goes on",
            .python(
                #"""
                kept = []
                while True:
                    try:
                        while True:
                            kept.append(bytearray(4096))
                    except MemoryError:
                        continue
                """#,
                limits: .brief,
                ends: [.timeout, .memory, .killed]
            )
        ),
        HostileCase(
            .memory,
            "starts threads without end",
            .python(
                #"""
                import threading
                threading.stack_size(65_536)
                gate, count = threading.Event(), 0
                try:
                    while count < 20_000:
                        threading.Thread(target=gate.wait, daemon=True).start()
                        count += 1
                except (RuntimeError, MemoryError, OSError):
                    pass
                gate.set()
                return {"few": count < 2_000}
                """#,
                limits: .brief,
                // An interpreter that cannot start a thread may wait for it.
                ends: [.ok, .memory, .killed, .timeout],
                answers: ["few": "true"]
            )
        ),
        HostileCase(
            .memory,
            "calls itself without end",
            .python(
                #"""
                import sys
                sys.setrecursionlimit(2**31 - 1)
                class Deep:
                    def __repr__(self):
                        return repr([self])
                repr(Deep())
                """#,
                ends: [.killed, .memory, .error]
            )
        ),
        HostileCase(
            .memory,
            "is a module that the compiler chokes on",
            .module(
                "value = " + String(repeating: "(", count: 60_000) + String(repeating: ")", count: 60_000)
                    + "\ndef attack():\n    return 1\n",
                ends: [.error, .memory, .killed]
            )
        ),
        HostileCase(
            .memory,
            "is a module of minus signs",
            .module(
                "value = " + String(repeating: "-", count: 120_000) + "1\ndef attack():\n    return value\n",
                ends: [.error, .memory, .killed]
            )
        ),
    ]

    private static func bomb(_ name: String, _ body: String) -> HostileCase {
        HostileCase(.memory, name, .python(body, ends: [.memory]))
    }
}
