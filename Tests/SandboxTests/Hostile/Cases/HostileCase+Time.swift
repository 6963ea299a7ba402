import Sandbox

extension HostileCase {
    /// Calls that do not end.
    static let time: [HostileCase] = [
        endless("computes for ever", "while True: pass"),
        endless(
            "sleeps",
            #"""
            import time
            time.sleep(3600)
            """#
        ),
        endless(
            "ignores every signal",
            #"""
            import signal
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            while True: pass
            """#
        ),
        endless(
            "catches everything",
            #"""
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
            """#
        ),
        endless(
            "matches a pattern that backtracks",
            #"""
            import re
            return re.match("(a+)+$", "a" * 60 + "!")
            """#
        ),
        endless("loops inside of C", "return sum(range(10 ** 15))"),
        endless(
            "waits for a lock that it holds",
            #"""
            import threading
            lock = threading.Lock()
            lock.acquire(); lock.acquire()
            """#
        ),
        endless(
            "awaits for ever",
            #"""
            import asyncio
            asyncio.run(asyncio.sleep(3600))
            """#
        ),
        endless(
            "lets threads compute",
            #"""
            import threading
            def spin():
                while True: pass
            threads = [threading.Thread(target=spin) for _ in range(4)]
            for thread in threads: thread.start()
            threads[0].join()
            """#
        ),
        endless(
            "answers with a result that is never complete",
            #"""
            class Endless(dict):
                def items(self):
                    while True: pass
                keys = values = __iter__ = __len__ = __bool__ = items
            return Endless(a=1)
            """#,
            ends: [.timeout, .ok, .error]
        ),
        endless(
            "fails with an error that is never told",
            #"""
            class Endless(Exception):
                def __str__(self):
                    while True: pass
                __repr__ = __str__
            raise Endless()
            """#,
            ends: [.timeout, .error]
        ),
        HostileCase(
            .time,
            "does not come to an end after its answer",
            .python(
                #"""
                import atexit, threading
                def spin():
                    while True: pass
                atexit.register(spin)
                threading.Thread(target=spin).start()
                class Last:
                    def __del__(self):
                        spin()
                global last
                last = Last()
                return {"answered": True}
                """#,
                limits: .hostile.with(timeout: .seconds(5)),
                answers: ["answered": "true"]
            )
        ),
        endless(
            "interrupts itself without end",
            #"""
            import signal
            signal.signal(signal.SIGALRM, lambda *_: None)
            signal.setitimer(signal.ITIMER_REAL, 0.000001, 0.000001)
            while True: pass
            """#,
            ends: [.timeout, .error, .denied]
        ),
        endless(
            "stops itself",
            #"""
            import signal
            libc.raise_(signal.SIGSTOP) if hasattr(libc, "raise_") else signal.raise_signal(signal.SIGSTOP)
            signal.pause()
            """#,
            ends: [.timeout, .denied, .error]
        ),
        HostileCase(
            .time,
            "is a module that does not come to an end",
            .module("while True: pass\ndef attack(): return 1\n", limits: .brief, ends: [.timeout])
        ),
    ]

    private static func endless(_ name: String, _ body: String, ends: [ExitReason] = [.timeout]) -> HostileCase {
        HostileCase(.time, name, .python(body, limits: .brief, ends: ends))
    }
}
