import FoundationEssentials
import Glibc
import JSON
import Sandbox
import SandboxProbe
import TestSupport
import Testing

@Suite(.serialized) struct SandboxLifeTests {
    @Test func nothingOfACallSurvivesIt() async throws {
        try await withWorkspace { path, sandbox in
            let leave = """
                import builtins, os, tempfile
                builtins.left = 1
                os.environ["LEFT"] = "1"
                open("/tmp/left", "w").write("1")
                os.listdir("/tmp")
                """
            let first = try await sandbox.script(leave, workspace: .readOnly)
            #expect(first.value == ["left"])
            let look = """
                import builtins, os
                [hasattr(builtins, "left"), os.environ.get("LEFT"), os.listdir("/tmp"), os.listdir("/workspace")]
                """
            let second = try await sandbox.script(look)
            #expect(second.value == [false, .null, [], []])
        }
    }

    @Test func randomNumbersDifferBetweenCalls() async throws {
        try await withSandbox { sandbox in
            var seen: Set<String> = []
            for _ in 0..<8 {
                let outcome = try await sandbox.script("import random, uuid\n[random.random(), str(uuid.uuid4())]")
                seen.insert(outcome.value?[0]?.text ?? "")
            }
            #expect(seen.count == 8)
        }
    }

    @Test func callsRunAtOnceUpToTheLimitAndInTheirOrder() async throws {
        try await withSandbox(SandboxConfiguration(maximumConcurrentCalls: 4)) { sandbox in
            let results = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                for number in 0..<40 {
                    group.addTask { try await sandbox.script("\(number) * 2").value }
                }
                return try await group.reduce(into: []) { $0.append($1?.integerValue ?? -1) }
            }
            #expect(results.sorted() == (0..<40).map { $0 * 2 })
        }
    }

    @Test func theWorkspaceIsAsItIsGranted() async throws {
        try await withWorkspace { path, sandbox in
            let read = try await sandbox.script("open('/workspace/note.txt').read()", workspace: .readOnly)
            #expect(read.value == "hello\n")
            let write = "open('/workspace/made', 'w').write('new')"
            let refused = try await sandbox.script(write, workspace: .readOnly)
            #expect(refused.failure?.type == "OSError")
            let written = try await sandbox.script(write, workspace: .writable)
            #expect(written.value == 3)
            #expect(FileManager.default.contents(atPath: "\(path)/made") == Data("new".utf8))
            let none = try await sandbox.script("import os\nos.listdir('/workspace')")
            #expect(none.value == [])
            let outside = try await sandbox.script("open('/usr/made', 'w')")
            #expect(outside.violations == [SandboxViolation(.writeOutside, detail: "/usr/made", source: .interpreter)])
            #expect(outside.exitReason == .denied)
        }
    }

    @Test func aWorkspaceThatIsMadeLaterIsSeen() async throws {
        try await withTemporaryDirectory { path in
            try await withSandbox(SandboxConfiguration(workspace: "\(path)/later")) { sandbox in
                let before = try await sandbox.script("1")
                #expect(before.value == 1)
                let missing = SandboxError(.workspace, "the workspace \(path)/later is no directory")
                await #expect(throws: missing) { _ = try await sandbox.script("1", workspace: .readOnly) }
                #expect(mkdir("\(path)/later", 0o755) == 0)
                #expect(FileManager.default.createFile(atPath: "\(path)/later/a", contents: nil))
                let after = try await sandbox.script("import os\nos.listdir()", workspace: .readOnly)
                #expect(after.value == ["a"])
            }
        }
    }

    @Test func whenTheInterpreterIsKilledTheNextCallHasANewOne() async throws {
        try await withSandbox { sandbox in
            try await sandbox.warmUp()
            let limits = SandboxLimits(timeout: .seconds(30))
            let running = Task {
                try await sandbox.script("print('running')\nwhile True: pass", limits: limits)
            }
            try await eventually("a busy worker") { Processes.busyWorkers() > 0 }
            for process in Processes.children(named: "bwrap") { kill(process, SIGKILL) }
            let result = await running.result
            #expect { try result.get() } throws: { ($0 as? SandboxError)?.code.description == "sandbox_broken" }
            let next = try await sandbox.script("1 + 1")
            #expect(next.value == 2)
        }
    }

    @Test func aCancelledCallIsKilledBeforeItReturns() async throws {
        try await withSandbox { sandbox in
            let task = Task { try await sandbox.script("while True: pass") }
            try await eventually("a busy worker") { Processes.busyWorkers() > 0 }
            task.cancel()
            let result = await task.result
            #expect(throws: SandboxError(.cancelled, "the call was cancelled and killed")) { try result.get() }
            #expect(Processes.busyWorkers() == 0)
        }
    }

    @Test func descriptorsAndProcessesDoNotLeak() async throws {
        let before = Processes.openDescriptors()
        let sandbox = Sandbox(SandboxConfiguration(callsPerInterpreter: 40), logger: .silent)
        try await sandbox.warmUp()
        for round in 0..<150 {
            let source = round % 3 == 0 ? "import socket\nsocket.socket()" : "1"
            let outcome = try await sandbox.script(source)
            #expect(outcome.exitReason == (round % 3 == 0 ? .denied : .ok))
        }
        // Two interpreters at once, a few workers each.
        #expect(Processes.openDescriptors() < before + 60)
        await sandbox.shutdown()
        #expect(Processes.children(named: "bwrap") == [])
        // The reactor itself keeps two as long as the sandbox is there.
        try await eventually("closed descriptors") { Processes.openDescriptors() <= before + 2 }
        await #expect(throws: SandboxError(.shutdown, "the sandbox was shut down")) {
            _ = try await sandbox.script("1")
        }
    }

    @Test func shuttingDownEndsWhatRuns() async throws {
        let sandbox = Sandbox(logger: .silent)
        let task = Task { try await sandbox.script("while True: pass") }
        try await eventually("a busy worker") { Processes.busyWorkers() > 0 }
        await sandbox.shutdown()
        let result = await task.result
        #expect(throws: SandboxError(.shutdown, "the sandbox was shut down")) { try result.get() }
        #expect(Processes.children(named: "bwrap") == [])
    }

    @Test func withoutEnforcementTheSameCodeRuns() async throws {
        try await withSandbox(SandboxConfiguration(enforcement: .none)) { sandbox in
            let outcome = try await sandbox.script("import os\nos.path.exists('/proc/self/stat')")
            #expect(outcome.value == true)
            let command = try await sandbox.run(ShellCall("echo $((1 + 1))", workspace: .none))
            #expect(command.output == "2\n")
        }
    }
}
