import FoundationEssentials
import Glibc
import JSON
import Logging
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

/// The tools that run code, in a real sandbox.
@Suite struct CodeToolsTests {
    private struct Run {
        let result: ToolCallResult
        let records: [FunctionCallRecord]
        let streamed: String

        var text: String { result.output.text }
        var value: JSONValue? { result.output.value }
    }

    private func run(
        _ tool: String,
        _ arguments: JSONValue,
        configuration: JSONValue = [:],
        limits: ToolLimits = ToolLimits(),
        files: [String: String] = [:],
        hasSandbox: Bool = true,
        hasWorkspace: Bool = true,
        after: (String) throws -> Void = { _ in }
    ) async throws -> Run {
        try await withTemporaryDirectory(permissions: 0o777) { directory in
            for (name, text) in files {
                try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
            }
            let definition = ToolDefinition(
                name: tool,
                versionID: 7,
                implementation: tool,
                configuration: configuration,
                limits: limits
            )
            let router = try ToolRouter([ToolFactory().tool(for: definition)])
            let workspace = hasWorkspace ? directory : nil
            let sandbox = Sandbox(SandboxConfiguration(workspace: workspace, spareWorkers: 1), logger: .silent)
            // As a worker does: the tool's time does not go into starting the interpreter.
            try await sandbox.warmUp()
            let streamed = Mutex("")
            let context = ToolContext(
                callID: "call-1",
                services: ToolServices(
                    workspace: try workspace.map { try Workspace(directory: $0) },
                    sandbox: hasSandbox ? sandbox : nil
                ),
                onOutput: { chunk in streamed.withLock { $0 += chunk } }
            )
            let request = ToolCallRequest(id: "call-1", name: tool, arguments: JSONText(arguments).string)
            let result = await router.call(request, in: context)
            await sandbox.shutdown()
            try after(directory)
            return Run(result: result, records: context.recorder.drain().calls, streamed: streamed.withLock { $0 })
        }
    }

    // MARK: run_python

    @Test func pythonPrintsThenReturns() async throws {
        let run = try await run("run_python", ["code": "print('six times seven')\n6 * 7"])
        #expect(run.text == "six times seven\nResult: 42")
        #expect(run.value?["result"] == 42 && run.result.error == nil)
        let record = try #require(run.records.first)
        #expect(record.function == "run_python" && record.language == "python" && record.versionID == 7)
        #expect(record.arguments == "print('six times seven')\n6 * 7" && record.callID == "call-1")
        #expect(record.exitReason == "ok" && record.result == "42" && record.output == "six times seven\n")
        #expect((record.peakMemoryBytes ?? 0) > 1 << 20 && record.processorTime != nil)
    }

    @Test(arguments: [("6 * 7", "42"), ("print('a')", "a\n"), ("x = 1", "[done; nothing was printed]")])
    func pythonSaysWhatThereIs(code: String, text: String) async throws {
        #expect(try await run("run_python", ["code": .string(code)]).text == text)
    }

    @Test func pythonTellsTheLineOfAnError() async throws {
        let run = try await run("run_python", ["code": "print('before')\nx = 1\nx / 0"])
        #expect(run.text == "before\nError in line 3: ZeroDivisionError: division by zero")
        #expect(run.value?["line"] == 3 && run.value?["exit_reason"] == "error")
        #expect(run.records.first?.errorType == "ZeroDivisionError")
        let syntax = try await self.run("run_python", ["code": "x = 1\nx = = 2"])
        #expect(syntax.text.hasPrefix("Error in line 2: SyntaxError: "))
    }

    @Test func pythonThatDoesNotEndIsKilled() async throws {
        let run = try await run("run_python", ["code": "print('once', flush=True)\nwhile True: pass", "timeout": 1])
        #expect(run.text == "once\nKilled: it took longer than 1 s.")
        #expect(run.records.first?.exitReason == "timeout")
        let short = ToolLimits(timeout: .seconds(3))
        let limited = try await self.run("run_python", ["code": "while True: pass", "timeout": 60], limits: short)
        #expect(limited.text == "Killed: it took longer than 2.8 s.")
    }

    @Test func pythonThatTakesTooMuchIsKilled() async throws {
        let memory = try await run(
            "run_python",
            ["code": "len(bytearray(1 << 30))"],
            configuration: ["memory_limit": 64]
        )
        #expect(memory.text.hasSuffix("Killed: it needed more than 64 MB of memory."), "\(memory.text)")
        let output = try await run("run_python", ["code": "while True: print('x' * 100)"])
        #expect(output.text.hasSuffix("\nKilled: it printed or returned more than 1048576 bytes."))
        #expect(output.text.utf8.count <= 10_240 && output.result.output.truncated)
        #expect((output.records.first?.output.utf8.count ?? 0) == 65_536)
    }

    @Test func pythonReadsTheWorkspaceAndWritesItIfAllowed() async throws {
        let code: JSONValue = ["code": "open('made', 'w').write(open('notes').read() * 2)"]
        let refused = try await run("run_python", code, files: ["notes": "ab"])
        #expect(refused.text.hasPrefix("Error in line 1: "), "\(refused.text)")
        let hidden = try await run("run_python", code, configuration: ["workspace": "none"], files: ["notes": "ab"])
        #expect(hidden.text.hasPrefix("Error in line 1: "), "\(hidden.text)")
        let allowed = try await run(
            "run_python",
            code,
            configuration: ["workspace": "writable"],
            files: ["notes": "ab"]
        ) { directory in
            let made = try String(contentsOfFile: "\(directory)/made", encoding: .utf8)
            #expect(made == "abab")
        }
        #expect(allowed.text == "4")
    }

    @Test func violationsAreRecorded() async throws {
        let run = try await run("run_python", ["code": "import socket\nsocket.socket()"])
        #expect(run.text.contains("PermissionError"))
        let violations = run.records.first?.violations ?? []
        #expect(
            violations.contains(FunctionCallRecord.Violation(kind: "system_call", detail: "socket", source: "kernel")),
            "\(violations)"
        )
        #expect(run.records.first?.exitReason == "denied")
    }

    // MARK: shell

    @Test func aCommandPrintsAndStreams() async throws {
        let run = try await run("shell", ["command": "cat notes; echo oops >&2; exit 3"], files: ["notes": "one\n"])
        #expect(run.text == "one\noops\n[exit code 3]" && run.streamed == "one\noops\n")
        #expect(run.value?["exit_code"] == 3)
        let record = try #require(run.records.first)
        #expect(record.language == "shell" && record.function == "shell" && record.exitReason == "error")
        #expect(record.errorMessage == "exit code 3" && record.callID == "call-1")
        #expect(try await self.run("shell", ["command": "true"]).text == "[done; nothing was printed]")
    }

    @Test func aCommandRunsInADirectory() async throws {
        let run = try await run("shell", ["command": "mkdir -p a/b && cd a && pwd"])
        #expect(run.text == "/workspace/a\n")
        #expect(
            try await self.run("shell", ["command": "pwd", "directory": "a/.."]).result.error?.code == .invalidArguments
        )
        #expect(
            try await self.run("shell", ["command": "pwd", "directory": "/etc"]).result.error?.code == .invalidArguments
        )
    }

    @Test func aCommandWritesUnlessItMayOnlyRead() async throws {
        let writes = try await run("shell", ["command": "echo x > made"]) { directory in
            #expect(access("\(directory)/made", F_OK) == 0)
        }
        #expect(writes.result.error == nil)
        let reads = try await run("shell", ["command": "echo x > made"], configuration: ["workspace": "read_only"])
        #expect(reads.text.contains("Read-only file system"), "\(reads.text)")
    }

    @Test func aCommandThatDoesNotEndIsKilled() async throws {
        let run = try await run("shell", ["command": "echo once; sleep 3600", "timeout": 1])
        #expect(run.text == "once\nKilled: it took longer than 1 s.")
        #expect(run.records.first?.exitReason == "timeout")
    }

    @Test func aLinkedWorkingTreeIsNamedWhereGitFindsNoRepository() async throws {
        let pointer = [".git": "gitdir: /elsewhere/.git/worktrees/w\n"]
        let linked = try await run("shell", ["command": "git status"], files: pointer)
        #expect(linked.text.contains("fatal: not a git repository: /elsewhere/.git/worktrees/w"), "\(linked.text)")
        #expect(linked.text.contains("the workspace is a linked working tree"), "\(linked.text)")
        let tests = try await run("run_tests", ["command": "git log"], files: pointer)
        #expect(tests.text.contains("the workspace is a linked working tree"), "\(tests.text)")
        let other = try await run("shell", ["command": "ls -A"], files: pointer)
        #expect(other.text == ".git\n")
        let none = try await run("shell", ["command": "git status"])
        #expect(none.text.contains("not a git repository") && !none.text.contains("working tree,"), "\(none.text)")
    }

    @Test func theBeginningAndTheEndOfALongOutputAreShown() async throws {
        let run = try await run("shell", ["command": "seq 1 100000; exit 1"])
        #expect(run.text.hasPrefix("1\n2\n3\n") && run.text.hasSuffix("99999\n100000\n[exit code 1]"))
        #expect(run.text.contains(" bytes are not shown …]") && run.text.utf8.count <= 10_240)
        #expect(run.result.output.truncated && run.streamed.utf8.count == 588_895)
    }

    // MARK: run_tests

    private static let tests = """
        import unittest
        class MathTests(unittest.TestCase):
            def test_adds(self): self.assertEqual(1 + 2, 4)
            def test_subtracts(self): self.assertEqual(2 - 1, 1)
            @unittest.skip("later")
            def test_divides(self): pass
        """

    @Test func testsAreSummarised() async throws {
        let run = try await run(
            "run_tests",
            [:],
            configuration: ["command": "python3 -m unittest"],
            files: ["test_math.py": Self.tests]
        )
        #expect(
            run.text.hasSuffix(
                "[exit code 1]\n1 passed, 1 failed, 1 skipped (unittest)\n"
                    + "- test_adds (test_math.MathTests.test_adds): AssertionError: 3 != 4"
            ),
            "\(run.text)"
        )
        #expect(run.value?["passed"] == 1 && run.value?["failed"] == 1 && run.value?["skipped"] == 1)
        #expect(run.value?["failures"]?[0]?["message"] == "AssertionError: 3 != 4")
        #expect(run.records.first?.function == "run_tests" && run.records.first?.language == "shell")
    }

    @Test func outputWithoutASummaryIsSaid() async throws {
        let run = try await run("run_tests", ["command": "echo hello"])
        #expect(run.text == "hello\n[no summary of tests was recognised in the output]")
        #expect(try await self.run("run_tests", [:]).result.error?.code == .invalidArguments)
    }

    // MARK: What is missing

    @Test(arguments: ["run_python", "shell", "run_tests"])
    func withoutASandboxToolsSayWhatToDo(tool: String) async throws {
        let arguments: JSONValue = tool == "run_python" ? ["code": "1"] : ["command": "true"]
        let run = try await run(tool, arguments, hasSandbox: false)
        #expect(run.result.error?.code == .failed && run.records.isEmpty)
        #expect(run.text.contains("needs a sandbox") && run.text.contains("agentctl doctor"))
    }

    @Test func withoutAWorkspaceCommandsAreRefusedAndPythonRuns() async throws {
        let shell = try await run("shell", ["command": "true"], hasWorkspace: false)
        #expect(shell.result.error?.code == .denied)
        #expect(try await run("run_python", ["code": "1 + 1"], hasWorkspace: false).text == "2")
    }

    @Test func theEffectIsWhatTheWorkspaceAllows() throws {
        func effect(_ implementation: String, _ configuration: JSONValue, _ stated: ToolEffect? = nil) throws
            -> ToolEffect
        {
            let definition = ToolDefinition(
                name: "t",
                versionID: 1,
                implementation: implementation,
                configuration: configuration,
                effect: stated
            )
            return try ToolFactory().tool(for: definition).effect
        }
        #expect(try effect("run_python", [:]) == .pure)
        #expect(try effect("run_python", ["workspace": "writable"]) == .unsafe)
        #expect(try effect("shell", [:]) == .unsafe)
        #expect(try effect("shell", ["workspace": "read_only"]) == .pure)
        #expect(try effect("run_tests", [:], .idempotent) == .idempotent)
        #expect(throws: ToolError.self) { try effect("shell", ["workspace": "none"]) }
    }
}
