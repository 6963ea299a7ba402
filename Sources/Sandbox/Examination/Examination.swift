internal import JSON

/// Attacks each layer in a real worker and a real command line.
struct Examination {
    /// Runs calls for the examination, whatever it found before.
    struct Runner: Sendable {
        let python: @Sendable (PythonCall) async -> Result<PythonOutcome, SandboxError>
        let shell: @Sendable (ShellCall) async -> Result<ShellOutcome, SandboxError>
        let machine: @Sendable () async -> ExaminationReport.Machine
    }

    /// The longest time of a probe that is not about time.
    private static let timeout: Duration = .seconds(10)
    /// Memory that the probe for memory may use, far below what it asks for.
    private static let memoryBytes = 64 << 20

    let runner: Runner
    let configuration: SandboxConfiguration

    /// Attacks all layers at once, and returns the results.
    func report() async -> ExaminationReport {
        let runner = runner
        let workspace = configuration.workspace
        async let functions = Self.functions(runner)
        async let memory = Self.memory(runner)
        async let time = Self.time(runner)
        async let own = Self.workspace(runner, workspace)
        async let shell = Self.shell(runner)
        let findings = await functions + memory + time + own + shell
        // Only now is it known what the interpreter could be started with.
        return ExaminationReport(machine: await runner.machine(), findings: findings)
    }

    private static func call(_ source: String, workspace: WorkspaceGrant = .none) -> PythonCall {
        var call = PythonCall(.script, source: source)
        call.allowedImports = ["*"]
        call.isSafeMode = false
        call.workspace = workspace
        call.limits.timeout = timeout
        call.limits.memoryBytes = memoryBytes
        return call
    }

    private static func functions(_ runner: Runner) async -> [ExaminationFinding] {
        let layers = [
            "user_namespace", "pid_namespace", "network", "files", "environment", "landlock", "system_calls",
            "processes",
        ]
        let outcome: PythonOutcome
        switch await runner.python(call(ExaminationProbe.functions)) {
        case .failure(let error):
            return layers.map { ExaminationFinding($0, "ran a function", .untried(error.message)) }
        case .success(let value): outcome = value
        }
        let found = ExaminationFinding.list(try? outcome.result?.value())
        guard outcome.exitReason == .ok, !found.isEmpty else {
            let reason =
                "the probe ended with \(outcome.exitReason.rawValue): \(outcome.failure?.message ?? "no answer")"
            return layers.map { ExaminationFinding($0, "ran a function", .untried(reason)) }
        }
        return found
    }

    private static func memory(_ runner: Runner) async -> [ExaminationFinding] {
        let attempt = "took 4 GB of memory"
        switch await runner.python(call(ExaminationProbe.memory)) {
        case .failure(let error): return [ExaminationFinding("memory", attempt, .untried(error.message))]
        case .success(let outcome):
            let word = outcome.exitReason.rawValue
            return [ExaminationFinding("memory", attempt, outcome.exitReason == .ok ? .breach(word) : .refused(word))]
        }
    }

    private static func time(_ runner: Runner) async -> [ExaminationFinding] {
        let attempt = "computed for ever"
        var endless = call(ExaminationProbe.time)
        endless.limits.timeout = .milliseconds(100)
        switch await runner.python(endless) {
        case .failure(let error): return [ExaminationFinding("time", attempt, .untried(error.message))]
        case .success(let outcome):
            // Nothing but the kill ends it.
            let word = "killed after \(outcome.duration.inMilliseconds) ms"
            let isKilled = outcome.exitReason == .timeout
            return [
                ExaminationFinding("time", attempt, isKilled ? .refused(word) : .breach(outcome.exitReason.rawValue))
            ]
        }
    }

    private static func workspace(_ runner: Runner, _ path: String?) async -> [ExaminationFinding] {
        let attempt = "wrote into a read-only workspace"
        guard path != nil else { return [ExaminationFinding("workspace", attempt, .untried("there is no workspace"))] }
        switch await runner.python(call(ExaminationProbe.workspace, workspace: .readOnly)) {
        case .failure(let error): return [ExaminationFinding("workspace", attempt, .untried(error.message))]
        case .success(let outcome): return ExaminationFinding.list(try? outcome.result?.value())
        }
    }

    private static func shell(_ runner: Runner) async -> [ExaminationFinding] {
        let mark = "\(Int.random(in: 100_000_000..<1_000_000_000))"
        var call = ShellCall(ExaminationProbe.shell(mark: mark), workspace: .none)
        call.limits.timeout = timeout
        switch await runner.shell(call) {
        case .failure(let error): return [ExaminationFinding("shell", "ran a command", .untried(error.message))]
        case .success(let outcome):
            var findings = ExaminationFinding.lines(outcome.output)
            guard let index = findings.firstIndex(where: { $0.attempt == "left a process behind" }) else {
                let reason = "the probe ended with \(outcome.exitReason.rawValue): \(outcome.output.suffix(200))"
                return [ExaminationFinding("shell", "ran a command", .untried(reason))]
            }
            let survives = ProcessList.hasCommand("sleep\0\(mark)\0")
            let attempt = findings[index].attempt
            findings[index] = ExaminationFinding(
                "shell",
                attempt,
                survives ? .breach("it lives") : .refused("it is gone")
            )
            return findings
        }
    }
}

extension Duration {
    fileprivate var inMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
