import Glibc
import Sandbox
import SandboxProbe
import Synchronization
import TestSupport
import Testing

@Suite struct ShellCallTests {
    @Test func outputComesAsItIsPrintedAndInOrder() async throws {
        try await withSandbox { sandbox in
            let seen = Mutex<[String]>([])
            let call = ShellCall("echo one; echo two >&2; echo ü€; exit 3", workspace: .none)
            let outcome = try await sandbox.run(call) { chunk in seen.withLock { $0.append(chunk) } }
            #expect(outcome.exitReason == .error)
            #expect(outcome.exitCode == 3)
            #expect(outcome.output == "one\ntwo\nü€\n")
            #expect(seen.withLock { $0.joined() } == outcome.output)
            #expect(!outcome.isOutputCut)
            #expect(outcome.processorTime > .zero)
        }
    }

    @Test func whatItStartedInTheBackgroundEndsWithIt() async throws {
        try await withSandbox { sandbox in
            let call = ShellCall("sleep 86397 & echo started", workspace: .none)
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .ok)
            #expect(outcome.output == "started\n")
            #expect(Processes.withArgument("86397") == [])
        }
    }

    @Test func atTheTimeoutEverythingIsKilled() async throws {
        try await withSandbox { sandbox in
            var call = ShellCall("sleep 86396 & echo started; sleep 86396", workspace: .none)
            call.limits.timeout = .milliseconds(500)
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .timeout)
            #expect(outcome.exitCode == nil)
            #expect(outcome.output == "started\n")
            #expect(outcome.duration >= .milliseconds(500))
            #expect(Processes.withArgument("86396") == [])
        }
    }

    @Test func aFloodOfOutputIsCutAndKilled() async throws {
        try await withSandbox { sandbox in
            var call = ShellCall("yes", workspace: .none)
            call.limits.outputBytes = 10_001
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .output)
            #expect(outcome.isOutputCut)
            #expect(outcome.output.utf8.count == 10_001)
        }
    }

    @Test func theWorkspaceIsAsItIsGranted() async throws {
        try await withWorkspace { path, sandbox in
            var call = ShellCall("echo new > made && cat made && pwd", directory: "sub", workspace: .writable)
            let writing = try await sandbox.run(call)
            #expect(writing.output == "new\n/workspace/sub\n")
            call.workspace = .readOnly
            let reading = try await sandbox.run(call)
            #expect(reading.exitCode == 1)
            #expect(reading.output.contains("Read-only file system"))
            call = ShellCall("ls -A /workspace", workspace: .none)
            let none = try await sandbox.run(call)
            #expect(none.output == "")
            #expect(access("\(path)/sub/made", F_OK) == 0)
        }
    }

    @Test func thereIsNoNetworkAndNothingOfTheEnvironment() async throws {
        try await withSandbox { sandbox in
            setenv("AGENTCTL_TEST_CANARY", "canary-of-the-environment", 1)
            let command = """
                env; cat /proc/1/environ | tr '\\0' '\\n'; ls /sys/class/net /home /root /var 2>&1
                python3 -c 'import socket; socket.socket(socket.AF_NETLINK)' 2>&1
                """
            let outcome = try await sandbox.run(
                ShellCall(command, environment: ["GREETING": "hello"], workspace: .none)
            )
            #expect(outcome.output.contains("GREETING=hello"))
            #expect(!outcome.output.contains("canary"))
            #expect(outcome.output.contains("Address family not supported"))
            for path in ["/sys/class/net", "/home", "/root", "/var"] {
                #expect(outcome.output.contains("cannot access '\(path)'"))
            }
        }
    }

    @Test func aDirectoryOutsideOfTheWorkspaceIsRefused() async throws {
        try await withWorkspace { _, sandbox in
            for directory in ["/etc", "../..", "sub/../../.."] {
                let error = SandboxError(.invalid, "\(directory) is no directory relative to the workspace")
                await #expect(throws: error) {
                    _ = try await sandbox.run(ShellCall("pwd", directory: directory))
                }
            }
            for directory in ["none", "note.txt"] {
                let message = "there is no directory \"\(directory)\" in the workspace that can be entered"
                await #expect(throws: SandboxError(.invalid, message)) {
                    _ = try await sandbox.run(ShellCall("pwd", directory: directory))
                }
            }
            // What the command itself says with that code is the command's.
            let own = try await sandbox.run(ShellCall("exit 126"))
            #expect(own.exitCode == 126)
        }
    }

    @Test func aCancelledTaskLeavesNothingBehind() async throws {
        try await withSandbox { sandbox in
            let call = ShellCall("echo started; sleep 86395", workspace: .none)
            let (chunks, continuation) = AsyncStream.makeStream(of: String.self)
            let task = Task { try await sandbox.run(call) { continuation.yield($0) } }
            for await chunk in chunks where chunk.contains("started") { break }
            task.cancel()
            let result = await task.result
            let error = SandboxError(.cancelled, "the command was cancelled and killed", output: "started\n")
            #expect(throws: error) { try result.get() }
            #expect(Processes.withArgument("86395") == [])
        }
    }
}
