import Conversation
internal import JSON
internal import Sandbox

/// Runs Python code that a model wrote.
struct RunPythonTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "run_python",
        description: """
            Runs Python code in a sandbox: the standard library, no network, no other processes. What it prints is \
            returned, then the value of its last line if that is an expression, or the error with its line. Nothing is \
            kept from one run to the next.
            """,
        effect: .pure,
        parameters: [
            .required("code", .string(maximumLength: 262_144), "The code, a whole program."),
            .optional(
                "timeout",
                .integer(1...3_600),
                "Seconds after which it is killed; the tool's limit if left out."
            ),
        ],
        configurationMembers: CodeLimits.members,
        make: { settings, configuration in
            let limits = CodeLimits(configuration, grants: [.readOnly, .none, .writable])
            return RunPythonTool(settings: settings, code: limits)
        }
    )

    package let settings: ToolSettings
    package let code: CodeLimits

    package var effect: ToolEffect { settings.statedEffect ?? code.effect }

    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts()
        facts.mayUseFiles = code.workspace != .none
        return facts
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let source = arguments["code"]?.stringValue else {
            throw ToolError(.invalidArguments, "\(specification.name) needs \"code\".")
        }
        let run = CodeRun(settings: settings, context: context)
        let sandbox = try run.sandbox()
        var call = PythonCall(.script, source: source)
        // Whoever wrote the code, the kernel holds it: lists of names would only get into a model's way.
        call.allowedImports = ["*"]
        call.isSafeMode = false
        call.workspace = context.workspace == nil ? .none : code.workspace
        call.exceptions = try await code.exceptions(in: context)
        call.limits = code.sandboxLimits(timeout: run.timeout(seconds: arguments["timeout"]))
        let started = ContinuousClock.now
        let outcome: PythonOutcome
        do {
            outcome = try await sandbox.run(call)
        } catch {
            run.record(error, language: "python", code: source, started: started)
            throw run.error(error)
        }
        run.record(outcome, code: source)
        return output(of: outcome, limits: call.limits)
    }

    private func output(of outcome: PythonOutcome, limits: SandboxLimits) -> ToolOutput {
        var notes: [String] = []
        if let failure = outcome.failure { notes.append(Self.text(of: failure)) }
        if let reason = CodeOutput.reason(outcome.exitReason, limits: limits, message: outcome.message) {
            notes.append(reason)
        }
        if outcome.exitReason == .ok, let result = outcome.result?.string, result != "null" {
            notes.append(outcome.output.isEmpty ? result : "Result: \(result)")
        }
        if outcome.exitReason == .ok, notes.isEmpty, outcome.output.isEmpty {
            notes.append("[done; nothing was printed]")
        }
        let shown = CodeOutput(limit: self.limits.outputBytes).text(outcome.output, notes: notes)
        return ToolOutput(
            shown.text,
            truncated: shown.isCut || outcome.isOutputCut,
            value: Self.value(of: outcome),
            isFailure: outcome.exitReason != .ok
        )
    }

    /// The error with its line; the way there as well if there is one.
    private static func text(of failure: PythonOutcome.Failure) -> String {
        let place = failure.line.map { " in line \($0)" } ?? ""
        let text = "Error\(place): \(failure.type): \(failure.message)"
        let frames = failure.traceback.split(separator: "\n").count { $0.hasPrefix("  File ") }
        return frames > 1 ? "\(failure.traceback.withoutFinalNewline)\n\(text)" : text
    }

    private static func value(of outcome: PythonOutcome) -> JSONValue {
        var value: JSONObject = ["exit_reason": .string(outcome.exitReason.rawValue)]
        if let result = try? outcome.result?.value() { value["result"] = result }
        if let failure = outcome.failure {
            value["error"] = ["type": .string(failure.type), "message": .string(failure.message)]
            value["line"] = failure.line.map { .integer(Int64($0)) }
        }
        return .object(value)
    }
}

extension String {
    fileprivate var withoutFinalNewline: Substring { hasSuffix("\n") ? dropLast() : self[...] }
}
