import Glibc
import JSON
import Sandbox
import SandboxProbe
import TestSupport
import Testing

/// What one call may take of what all calls, and the host, live on.
@Suite struct StarvationTests {
    // MARK: Threads

    @Test func aCallWithAllItsThreadsLeavesOthersTheirs() async throws {
        try await withWorkspace { path, sandbox in
            let hog = """
                import os, threading
                gate, kept = threading.Event(), []
                try:
                    while len(kept) < 5_000:
                        kept.append(threading.Thread(target=gate.wait, daemon=True))
                        kept[-1].start()
                except RuntimeError as error:
                    count, message = len(kept), str(error)
                open("full", "w").write("1")
                while not os.path.exists("over"): gate.wait(0.01)
                [count, message]
                """
            async let full = sandbox.script(hog, workspace: .writable, limits: SandboxLimits(timeout: .seconds(60)))
            try await eventually("the call to have all its threads") { access("\(path)/full", F_OK) == 0 }
            let other = """
                import asyncio
                async def main(): return await asyncio.gather(*[asyncio.to_thread(lambda: 42) for _ in range(8)])
                sum(asyncio.run(main()))
                """
            let outcome = try await sandbox.script(other)
            #expect(outcome.value == 336, "\(outcome)")
            let end = open("\(path)/over", O_CREAT | O_WRONLY, 0o666)
            close(end)
            let result = try await full
            #expect(result.value?[1] == "can't start new thread", "\(result)")
            let count = try #require(result.value?[0]?.integerValue)
            #expect((32...64).contains(count))
            // They are no attack.
            #expect(result.violations == [])
        }
    }

    @Test func threadsThatEndMakeRoomForOthers() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.script(
                """
                import threading
                done = []
                for number in range(500):
                    thread = threading.Thread(target=done.append, args=(number,))
                    thread.start()
                    thread.join()
                len(done)
                """
            )
            #expect(outcome.value == 500, "\(outcome)")
            #expect(outcome.violations == [])
        }
    }

    // MARK: The disk

    private static let limits = SandboxLimits(timeout: .seconds(60), writtenBytes: 64 << 20, files: 2_000)

    private static let fill = """
        for number in range(100_000):
            with open(f"f{number}", "wb") as file: file.write(bytes(16 << 20))
        """

    /// Of children that nobody waits for the kernel forgets what they wrote.
    private static let forgotten = """
        import os, signal, time
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for number in range(300):
            if os.fork() == 0:
                with open(f"f{number}", "wb") as file: file.write(bytes(12 << 20))
                time.sleep(0.3)
                os._exit(0)
            time.sleep(0.4)
        """

    @Test func aFunctionCannotFillTheDisk() async throws {
        try await withWorkspace { path, sandbox in
            let outcome = try await sandbox.script(Self.fill, workspace: .writable, limits: Self.limits)
            #expect(outcome.exitReason == .output)
            #expect(outcome.message?.hasPrefix("it wrote more than 64 MB") == true, "\(outcome)")
            #expect(try bytes(below: path) < 2 << 30)
        }
    }

    @Test(arguments: [
        "python3 -c '\(fill)'", "for i in $(seq 100000); do head -c 16M /dev/zero > f$i; done",
        #"seq 100000 | xargs -P 16 -I{} sh -c "head -c 16M /dev/zero > f{}; rm f{}""#, "python3 -c '\(forgotten)'",
    ])
    func aCommandCannotFillTheDisk(command: String) async throws {
        try await withWorkspace { path, sandbox in
            let call = ShellCall(command, workspace: .writable, limits: Self.limits)
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .output, "\(outcome)")
            #expect(outcome.message?.hasPrefix("it wrote more than 64 MB") == true)
            #expect(try bytes(below: path) < 4 << 30)
        }
    }

    @Test func filesWithoutContentHaveALimitToo() async throws {
        try await withWorkspace { _, sandbox in
            let create = "n = 0\nwhile True:\n    n += 1\n    open(f'f{n}', 'w').close()\n"
            let outcome = try await sandbox.script(create, workspace: .writable, limits: Self.limits)
            #expect(outcome.exitReason == .output && outcome.message?.contains("wrote more than") == true)
            let call = ShellCall(
                "python3 -c '\(create.replacing("'", with: "\""))'",
                workspace: .writable,
                limits: Self.limits
            )
            #expect(try await sandbox.run(call).exitReason == .output)
        }
    }

    @Test func roomCannotBeReserved() async throws {
        try await withWorkspace { _, sandbox in
            let outcome = try await sandbox.script(
                """
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                file = os.open("f", os.O_CREAT | os.O_RDWR)
                failed = libc.fallocate(file, 0, ctypes.c_long(0), ctypes.c_long(32 << 20))
                [failed, os.strerror(ctypes.get_errno()), os.fstat(file).st_blocks]
                """,
                workspace: .writable
            )
            #expect(outcome.value == [-1, "Operation not supported", 0], "\(outcome)")
            let shell = try await sandbox.run(ShellCall("fallocate -l 32M g; stat -c %b g", workspace: .writable))
            #expect(shell.output.contains("Operation not supported") && shell.output.hasSuffix("0\n"), "\(shell)")
        }
    }

    @Test func whatIsWithinTheLimitsStays() async throws {
        try await withWorkspace { path, sandbox in
            let write = "dd if=/dev/zero of=f bs=1M count=32 2>&1 && seq 200 | xargs touch && sleep 0.3"
            let call = ShellCall(write, workspace: .writable, limits: SandboxLimits(writtenBytes: 64 << 20))
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .ok, "\(outcome)")
            #expect(try bytes(below: path) >= 32 << 20)
        }
    }

    /// What the files of a directory take on the disk.
    private func bytes(below path: String) throws -> Int {
        let directory = try #require(opendir(path))
        defer { closedir(directory) }
        var sum = 0
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            if lstat("\(path)/\(name)", &status) == 0 { sum += Int(status.st_blocks) * 512 }
        }
        return sum
    }

    // MARK: Sockets

    @Test func socketsThatAreFilledCountAsMemory() async throws {
        try await withSandbox { sandbox in
            let fill = """
                import os, socket, time
                kept = []
                for child in range(4):
                    if os.fork() == 0: break
                try:
                    while True: kept.append(socket.socketpair())
                except OSError: pass
                for pair in kept:
                    for end in pair:
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
                        end.setblocking(False)
                        try:
                            while end.send(bytes(1 << 16)): pass
                        except OSError: pass
                time.sleep(86392)
                """
            let limits = SandboxLimits(timeout: .seconds(60), memoryBytes: 256 << 20)
            let outcome = try await sandbox.run(
                ShellCall("/usr/bin/python3 -c '\(fill)'; exit $?", workspace: .none, limits: limits)
            )
            #expect(outcome.exitReason == .memory, "\(outcome)")
        }
    }

    @Test func aProgramThatUsesSocketsMay() async throws {
        try await withSandbox { sandbox in
            let talk = """
                import socket, time
                pairs = [socket.socketpair() for _ in range(100)]
                server = socket.create_server(("127.0.0.1", 0))
                talks = [(socket.create_connection(server.getsockname()), server.accept()) for _ in range(40)]
                for one, (other, _) in talks:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                    one.sendall(b"hello")
                    assert other.recv(5) == b"hello"
                time.sleep(0.5)
                print(len(talks))
                """
            let limits = SandboxLimits(timeout: .seconds(60), memoryBytes: 128 << 20)
            let outcome = try await sandbox.run(
                ShellCall("/usr/bin/python3 -c '\(talk)'; exit $?", workspace: .none, limits: limits)
            )
            #expect(outcome.output == "40\n" && outcome.exitReason == .ok, "\(outcome)")
        }
    }

    // MARK: What stays behind

    @Test func noFileWithoutANameActsAsItsOwnerLater() async throws {
        try await withWorkspace { path, sandbox in
            let script = """
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                for bits in (0o4755, 0o2755, 0o6755):
                    try:
                        file = os.open(".", os.O_TMPFILE | os.O_RDWR, bits)
                        libc.linkat(-100, b"/proc/self/fd/%d" % file, -100, b"made%o" % bits, 0x400)
                        print("made")
                    except PermissionError: print("refused")
                file = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o644)
                print(libc.linkat(-100, b"/proc/self/fd/%d" % file, -100, b"plain", 0x400))
                """
            let outcome = try await sandbox.run(ShellCall("/usr/bin/python3 -c '\(script)'", workspace: .writable))
            #expect(outcome.output == "refused\nrefused\nrefused\n0\n", "\(outcome)")
            for name in ["made4755", "made2755", "made6755"] { #expect(access("\(path)/\(name)", F_OK) != 0) }
        }
    }

    @Test func aCommandMakesNoDevices() async throws {
        try await withWorkspace { path, sandbox in
            let command =
                "for kind in c b; do mknod $kind $kind 0 0 2>/dev/null && echo made; done; mknod p p && echo pipe"
            let outcome = try await sandbox.run(ShellCall(command, workspace: .writable))
            #expect(outcome.output == "pipe\n", "\(outcome)")
            for name in ["c", "b"] { #expect(access("\(path)/\(name)", F_OK) != 0) }
        }
    }

    @Test func renamingLeavesNoDeviceBehind() async throws {
        try await withWorkspace { path, sandbox in
            let script = """
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                def rename(flags):
                    open("a", "w").close()
                    status = libc.syscall(ctypes.c_long(316 if os.uname().machine == "x86_64" else 276), ctypes.c_long(-100), b"a", ctypes.c_long(-100), b"b", ctypes.c_long(flags))
                    return status, ctypes.get_errno()
                answers = [rename(4), rename(5), rename(0), rename(2)]
                """
            let function = try await sandbox.script(script + "\nanswers", workspace: .writable)
            #expect(function.value == [[-1, 1], [-1, 1], [0, 1], [0, 1]], "\(function)")
            let shell = try await sandbox.run(
                ShellCall("/usr/bin/python3 -c '\(script)\nprint(answers)'", workspace: .writable)
            )
            #expect(shell.output == "[(-1, 1), (-1, 1), (0, 1), (0, 1)]\n", "\(shell)")
            var status = stat()
            #expect(stat("\(path)/a", &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
        }
    }

    @Test func aFunctionLocksNoFileOfTheMachine() async throws {
        try await withWorkspace { _, sandbox in
            let script = """
                import fcntl
                def lock(path, kind):
                    try: fcntl.flock(open(path), kind)
                    except PermissionError: return "refused"
                    return "locked"
                [lock(path, kind) for path in ("/usr/lib/os-release", "note.txt") for kind in (fcntl.LOCK_EX, fcntl.LOCK_SH)]
                """
            let outcome = try await sandbox.script(script, workspace: .readOnly)
            #expect(outcome.value == ["refused", "refused", "refused", "refused"], "\(outcome)")
        }
    }

    // MARK: The machine

    @Test func aCommandReadsNothingOfHowTheMachineWasStarted() async throws {
        try await withSandbox { sandbox in
            let files = "/proc/cmdline /proc/partitions /proc/diskstats /proc/key-users /proc/modules /proc/kallsyms"
            let outcome = try await sandbox.run(
                ShellCall(
                    "for f in \(files); do cat $f 2>/dev/null | wc -c; done; grep -c . /proc/meminfo",
                    workspace: .none
                )
            )
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.dropLast().allSatisfy { $0 == "0" }, "\(outcome)")
            #expect(lines.last.flatMap { Int($0) } ?? 0 > 10)
        }
    }
}
