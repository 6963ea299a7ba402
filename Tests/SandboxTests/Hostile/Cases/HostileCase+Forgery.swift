import Sandbox

extension HostileCase {
    /// Answers that are not the worker's own.
    ///
    /// A function may return what it likes, so a forged result gains nothing. What it must not reach is what the kernel
    /// says of it, another call's answer, and the service's composure.
    static let forgery: [HostileCase] = [
        forger(
            "answers on every descriptor",
            #"""
            for number in range(3, 256):
                try:
                    os.write(number, frame)
                except OSError:
                    pass
            return {"own": True}
            """#
        ),
        forger(
            "answers twice",
            #"""
            os.write(3, frame + frame)
            return {"own": True}
            """#,
            ends: [.ok, .error, .killed, .output]
        ),
        forger(
            "answers in part and leaves",
            #"""
            os.write(3, frame[:len(frame) // 2])
            os._exit(0)
            """#,
            ends: [.killed, .error]
        ),
        forger(
            "announces an answer of four gigabytes",
            #"""
            import time
            os.write(3, b"A" + b"\xff" * 8)
            time.sleep(3600)
            """#,
            limits: .brief,
            ends: [.killed, .error, .timeout, .output]
        ),
        forger(
            "never stops answering",
            #"""
            while True:
                os.write(3, b"A" + b"\xff\xff\x00\x00" + b"\xff\xff\xff\x7f" + b'"' * 65_536)
            """#,
            limits: .brief,
            ends: [.killed, .error, .timeout, .output]
        ),
        forger(
            "answers with what is not JSON",
            #"""
            header, body = b'{"exit_reason": nan, \xff\xfe', b"[" * 40_000
            os.write(3, b"A" + struct.pack("<II", len(header), len(body)) + header + body)
            os._exit(0)
            """#,
            ends: [.killed, .error, .output]
        ),
        forger(
            "answers with messages of the zygote's",
            #"""
            for message in (b"R", b"L", b"EOSError: not sealed", b"W" + bytes(8), b"X" + bytes(28)):
                os.write(3, message)
            os._exit(0)
            """#,
            ends: [.killed, .error]
        ),
        forger(
            "closes what the answer is given on",
            #"""
            os.closerange(0, 256)
            return {"own": True}
            """#,
            ends: [.killed, .error]
        ),
        forger(
            "prints into its answer",
            #"""
            os.dup2(3, 1); os.dup2(3, 2)
            print("x" * 100_000, flush=True)
            return {"own": True}
            """#,
            ends: [.killed, .error, .ok, .output]
        ),
        forger("leaves without an answer", "os._exit(0)", ends: [.killed]),
        forger("leaves with a code", "os._exit(70)", ends: [.killed]),
        forger(
            "leaves in the usual way",
            #"""
            import sys
            sys.exit(0)
            """#,
            ends: [.error]
        ),
        forger("aborts", "os.abort()", ends: [.killed]),
        forger("reads where nothing is", "ctypes.string_at(8)", ends: [.killed]),
        forger("pretends that a user interrupted it", "raise KeyboardInterrupt()", ends: [.error]),
        forger(
            "claims that another broke the rules",
            #"""
            os.write(3, frame)
            os._exit(0)
            """#,
            ends: [.ok, .error, .killed]
        ),
        forger(
            "hands the service descriptors that nobody closes",
            #"""
            import array, socket
            channel = socket.socket(fileno=3)
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1] * 200))]
            for _ in range(100):
                try:
                    channel.sendmsg([b"A"], rights)
                except OSError:
                    break
            channel.detach()
            return {"own": True}
            """#,
            ends: [.ok, .error, .killed, .output]
        ),
        forger(
            "rewrites the worker that answers for it",
            #"""
            import sys
            frame, seen = sys._getframe(), 0
            while frame:
                for name, value in list(frame.f_globals.items()):
                    if callable(value) and name in ("answer", "send", "limit", "read", "report", "describe"):
                        frame.f_globals[name] = lambda *_, **__: ({"exit_reason": "ok", "violations": []}, b'"owned"')
                frame, seen = frame.f_back, seen + 1
            os.write, os._exit = lambda *_: 1 << 20, lambda *_: None
            return {"own": True}
            """#,
            limits: .brief,
            ends: [.ok, .error, .killed, .timeout]
        ),
        HostileCase(
            .forgery,
            "keeps the service busy with refused calls",
            .python(
                #"""
                import socket
                while True:
                    attempt(socket.socket)
                """#,
                // Whoever goes on and on is killed.
                ends: [.denied],
                records: ["socket"]
            )
        ),
    ]

    private static func forger(
        _ name: String,
        _ body: String,
        limits: SandboxLimits = .hostile,
        ends: [ExitReason] = [.ok, .error, .killed]
    ) -> HostileCase {
        let head = #"""
            import json, struct
            forged = {"reason": "ok", "exit_reason": "ok", "peak_memory_bytes": 1, "duration": 0,
                      "violations": [["system_call", "forged_call"]] * 5_000, "source": "kernel"}
            header, body = json.dumps(forged).encode(), b'"forged"'
            frame = b"A" + struct.pack("<II", len(header), len(body)) + header + body

            """#
        return HostileCase(.forgery, name, .python(head + body, limits: limits, ends: ends))
    }
}
