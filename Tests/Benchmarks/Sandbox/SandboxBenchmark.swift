import FoundationEssentials
import Glibc
import JSON
import Sandbox
import TestSupport

/// Calls into the sandbox, beside an interpreter started for each call.
struct SandboxBenchmark {
    let plan: Plan

    private static let source = """
        import json
        def summarize(values):
            ordered = sorted(values)
            return {"count": len(ordered), "median": ordered[len(ordered) // 2], "text": json.dumps(ordered)}
        """
    private static let asynchronous = """
        import asyncio
        async def pause(values):
            await asyncio.sleep(0)
            return len(values)
        """
    private static let bubblewrap = [
        "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--ro-bind", "/usr",
        "/usr",
        "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
        "--tmpfs", "/tmp", "/usr/bin/python3", "-I", "-S", "-c", "pass",
    ]

    func section() async throws -> Section {
        let (cold, interpreter, wrapped) = try await starts()
        let sandbox = Sandbox(logger: .silent)
        try await sandbox.warmUp()
        let (compiled, call) = try await calls(sandbox)
        let warm = try await latencies(sandbox, compiled)
        let text = try await latencies(sandbox, call)
        var pause = PythonCall(.function(name: "pause"), source: Self.asynchronous, arguments: ["values": [1, 2]])
        pause.allowedImports = ["asyncio"]
        let waited = try await latencies(sandbox, pause)
        let rate = try await rate(sandbox, compiled)
        SandboxProcesses.look()
        await sandbox.shutdown()
        var measurements = [
            Measurement(
                subject: "Warm call, bytecode, median",
                measured: Format.milliseconds(warm.median),
                comparison: Format.milliseconds(wrapped.median),
                ratio: Samples([warm.median / wrapped.median]),
                target: .atMost(2, warm.median, unit: " ms")
            ),
            Measurement(
                subject: "— the 99th of 100",
                measured: Format.milliseconds(warm.percentile(0.99)),
                target: .atMost(5, warm.percentile(0.99), unit: " ms")
            ),
            Measurement(subject: "— from its text", measured: Format.milliseconds(text.median)),
            Measurement(subject: "— `async def`, from its text", measured: Format.milliseconds(waited.median)),
            Measurement(
                subject: "First call of a sandbox, from nothing",
                measured: Format.milliseconds(cold.median),
                comparison: Format.milliseconds(wrapped.median),
                ratio: cold.over(wrapped),
                target: .atMost(150, cold.median, unit: " ms")
            ),
            Measurement(
                subject: "Calls a second, \(Self.callers) at once",
                measured: Format.rate(Samples([rate])),
                target: .init(text: "≥ 500/s", isMet: rate >= 500)
            ),
            Measurement(
                subject: "`python3 -I -S -c pass`",
                measured: Format.milliseconds(interpreter.median),
                comparison: Format.milliseconds(wrapped.median),
                ratio: interpreter.over(wrapped)
            ),
        ]
        if plan.sandboxCalls > 0 { measurements += try await endurance() }
        return Section(
            title: "Sandbox",
            explanation: """
                A small Python function through `Sandbox`, one call after the other, \(plan.sandboxSamples) times, from the \
                call to its outcome; against `bwrap … python3 -I -S -c pass`, an interpreter started in namespaces for one \
                call. The first call of a sandbox starts the interpreter that workers are forked from; \
                \(plan.shortRounds) rounds.
                """,
            comparison: "bwrap python3",
            measurements: measurements
        )
    }

    private static let callers = 4

    private func starts() async throws -> (cold: Samples, interpreter: Samples, wrapped: Samples) {
        var (cold, interpreter, wrapped) = (Samples(), Samples(), Samples())
        for _ in 0..<plan.shortRounds {
            let sandbox = Sandbox(logger: .silent)
            cold.add(
                try await ContinuousClock().measure {
                    _ = try await sandbox.run(PythonCall(.script, source: "1"))
                } / .milliseconds(1)
            )
            SandboxProcesses.look()
            await sandbox.shutdown()
            interpreter.add(
                try await ProgramRun.of("/usr/bin/python3", ["-I", "-S", "-c", "pass"]).total / .milliseconds(1)
            )
            wrapped.add(try await ProgramRun.of("/usr/bin/bwrap", Self.bubblewrap).total / .milliseconds(1))
        }
        return (cold, interpreter, wrapped)
    }

    /// The same call with bytecode and from its text.
    private func calls(_ sandbox: Sandbox) async throws -> (compiled: PythonCall, text: PythonCall) {
        var call = PythonCall(
            .function(name: "summarize"),
            source: Self.source,
            arguments: ["values": [3, 1, 2]],
            allowedImports: ["json"]
        )
        let text = call
        let module = try await sandbox.check(
            Self.source,
            entryPoint: "summarize",
            allowedImports: ["json"],
            isSafeMode: true
        )
        guard module.problems.isEmpty else { throw BenchmarkError("the function has problems: \(module.problems)") }
        call.bytecode = module.bytecode
        return (call, text)
    }

    private func latencies(_ sandbox: Sandbox, _ call: PythonCall) async throws -> Samples {
        var samples = Samples()
        for _ in 0..<plan.sandboxSamples {
            samples.add(try await ContinuousClock().measure { try await run(sandbox, call) } / .milliseconds(1))
        }
        return samples
    }

    private func run(_ sandbox: Sandbox, _ call: PythonCall) async throws {
        let outcome = try await sandbox.run(call)
        guard outcome.exitReason == .ok else { throw BenchmarkError("the call ended with \(outcome)") }
    }

    /// Calls a second with several callers.
    private func rate(_ sandbox: Sandbox, _ call: PythonCall) async throws -> Double {
        let time = try await ContinuousClock().measure {
            try await load(sandbox, call, count: plan.sandboxSamples * 2)
        }
        return Double(plan.sandboxSamples * 2) / (time / .seconds(1))
    }

    private func load(_ sandbox: Sandbox, _ call: PythonCall, count: Int) async throws {
        try await withThrowingTaskGroup { group in
            for caller in 0..<Self.callers {
                group.addTask {
                    for _ in 0..<(count / Self.callers + (caller == 0 ? count % Self.callers : 0)) {
                        try await run(sandbox, call)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Many calls in one process: nothing may grow.
    private func endurance() async throws -> [Measurement] {
        let sandbox = Sandbox(logger: .silent)
        let (call, _) = try await calls(sandbox)
        let (before, after) = try await SandboxProcesses.looking {
            try await load(sandbox, call, count: max(100, plan.sandboxCalls / 10))
            let before = Footprint.current()
            try await load(sandbox, call, count: plan.sandboxCalls)
            return (before, Footprint.current())
        }
        await sandbox.shutdown()
        let growth = Double(after.memory - before.memory) / Double(1 << 20)
        return [
            Measurement(
                subject: "Memory of the process after \(Format.number(Double(plan.sandboxCalls))) calls",
                measured: "\(Format.number(growth)) MB more",
                target: .atMost(5, growth, unit: " MB")
            ),
            Measurement(
                subject: "— descriptors",
                measured: "\(after.descriptors - before.descriptors) more",
                // An interpreter that is being replaced has workers of its own.
                target: .atMost(30, Double(after.descriptors - before.descriptors), unit: "")
            ),
        ]
    }
}
