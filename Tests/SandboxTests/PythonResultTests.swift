import JSON
import Sandbox
import SandboxProbe
import Testing

@Suite struct PythonResultTests {
    @Test(
        arguments: [
            ("None", .null), ("True", true), ("-7", -7), ("2**62", .integer(1 << 62)), ("1.5", 1.5),
            ("'ü€😀\\n\\x00'", "ü€😀\n\0"), ("[1, [2, {}]]", [1, [2, [:]]]),
            ("{'b': 1, 'a': (2, 3)}", ["b": 1, "a": [2, 3]]),
            ("{1: 'one'}", ["1": "one"]), ("2.0", 2.0),
        ] as [(String, JSONValue)]
    )
    func valuesArriveAsTheyAre(expression: String, value: JSONValue) async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.run(function(expression))
            #expect(outcome.exitReason == .ok)
            #expect(outcome.value == value)
        }
    }

    @Test(arguments: [
        ("float('nan')", "Out of range float"), ("float('inf')", "Out of range float"),
        ("'\\ud800'", "lone surrogate"), ("{1, 2}", "not JSON serializable"), ("object()", "not JSON serializable"),
        ("{'a': {(1, 2): 3}}", "keys must be str"), ("{1: 'a', '1': 'b'}", "twice"),
    ]
    )
    func whatIsNoJSONIsAnErrorOfTheFunction(expression: String, message: String) async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.run(function(expression))
            #expect(outcome.exitReason == .error)
            #expect(outcome.result == nil)
            #expect(outcome.failure?.type == "ResultError")
            #expect(outcome.failure?.message.contains(message) == true, "\(outcome.failure?.message ?? "nothing")")
        }
    }

    @Test func aResultThatNestsTooDeepIsAnError() async throws {
        try await withSandbox { sandbox in
            for depth in [600, 100_000] {
                let source = "def f():\n    x = []\n    for _ in range(\(depth)): x = [x]\n    return x\n"
                let outcome = try await sandbox.run(PythonCall(.function(name: "f"), source: source))
                #expect(outcome.exitReason == .error)
                #expect(outcome.failure?.type == "ResultError")
            }
        }
    }

    @Test func aResultThatIsTooLargeIsCutOff() async throws {
        try await withSandbox { sandbox in
            var call = function("'x' * 1000")
            call.limits.resultBytes = 1_002
            let fits = try await sandbox.run(call)
            #expect(fits.exitReason == .ok)
            call.limits.resultBytes = 1_001
            let outcome = try await sandbox.run(call)
            #expect(outcome.exitReason == .output)
            #expect(outcome.result == nil)
        }
    }

    @Test func aFloodOfOutputIsCutAndKilled() async throws {
        try await withSandbox { sandbox in
            let limits = SandboxLimits(timeout: .seconds(20), outputBytes: 100_000)
            let outcome = try await sandbox.script("while True: print('x' * 999)", limits: limits)
            #expect(outcome.exitReason == .output)
            #expect(outcome.isOutputCut)
            #expect(outcome.output.utf8.count == 100_000)
        }
    }

    @Test func outputThatIsNoTextIsRepaired() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.script("import os\nprint('\\ud800')\nos.write(1, b'\\xff\\n')")
            #expect(outcome.output == "\\ud800\n\u{fffd}\n")
        }
    }

    @Test func memoryIsLimited() async throws {
        try await withSandbox { sandbox in
            let limits = SandboxLimits(timeout: .seconds(20), memoryBytes: 64 << 20)
            let outcome = try await sandbox.script("x = bytearray(200 << 20)", limits: limits)
            #expect(outcome.exitReason == .memory)
            #expect(outcome.failure?.type == "MemoryError")
            let fits = try await sandbox.script("x = bytearray(32 << 20)\nlen(x)", limits: limits)
            #expect(fits.value == .integer(32 << 20))
            #expect(fits.peakMemoryBytes > 32 << 20)
        }
    }

    @Test func aWorkerThatEndsByItselfHasNoAnswer() async throws {
        try await withSandbox { sandbox in
            let outcome = try await sandbox.script("import os\nprint('before')\nos._exit(0)")
            #expect(outcome.exitReason == .killed)
            #expect(outcome.output == "before\n")
        }
    }

    private func function(_ expression: String) -> PythonCall {
        PythonCall(.function(name: "f"), source: "def f():\n    return \(expression)\n")
    }
}
