import Conversation
internal import JSON
internal import Sandbox

/// A command line in the sandbox, for the tools that run one.
struct CommandRun {
    package let settings: ToolSettings
    package let code: CodeLimits
    package let context: ToolContext

    /// Runs a command and records it.
    ///
    /// - Parameters:
    ///   - command: The command line.
    ///   - arguments: The tool's arguments, for `directory` and `timeout`.
    /// - Returns: What came of it, and the limits that it had.
    package func outcome(
        of command: String,
        _ arguments: JSONValue
    ) async throws(ToolError) -> (outcome: ShellOutcome, limits: SandboxLimits) {
        let run = CodeRun(settings: settings, context: context)
        let sandbox = try run.sandbox()
        guard context.workspace != nil else {
            throw .noWorkspace(for: "is no directory to run a command in")
        }
        var call = ShellCall(command, workspace: code.workspace)
        call.directory = arguments["directory"]?.stringValue ?? "."
        call.limits = code.sandboxLimits(timeout: run.timeout(seconds: arguments["timeout"]))
        call.exceptions = try await code.exceptions(in: context)
        let started = ContinuousClock.now
        do {
            let outcome = try await sandbox.run(call, onOutput: context.onOutput)
            run.record(outcome, command: command)
            return (outcome, call.limits)
        } catch {
            run.record(error, language: "shell", code: command, started: started)
            throw run.error(error)
        }
    }

    /// What a call would run, for the rules of policies.
    package static func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts()
        facts.mayUseFiles = true
        guard let command = arguments["command"]?.stringValue else { return facts }
        facts.commandLines = [command]
        facts.subject = .command(command, directory: arguments["directory"]?.stringValue ?? ".")
        return facts
    }

    /// Why git found no repository, where it is not the command's fault.
    func repositoryNote(_ outcome: ShellOutcome) -> String? {
        guard outcome.output.contains("not a git repository"), let workspace = context.workspace,
            RepositoryPointer.leadsElsewhere(from: workspace)
        else { return nil }
        return """
            [git has no repository here: the workspace is a linked working tree, and its repository is outside of the \
            workspace, where code does not get. Do without git, or ask for a clone (git clone --local).]
            """
    }

    /// How a command ended, if not with exit code 0.
    package static func note(_ outcome: ShellOutcome, limits: SandboxLimits) -> String? {
        if let reason = CodeOutput.reason(outcome.exitReason, limits: limits, message: outcome.message) {
            return reason
        }
        guard let code = outcome.exitCode, code != 0 else { return nil }
        return "[exit code \(code)]"
    }

    /// Whether a command did not end by itself with exit code 0.
    package static func isFailure(_ outcome: ShellOutcome) -> Bool {
        outcome.exitReason != .ok || outcome.exitCode != 0
    }

    /// The arguments that both tools take besides the command.
    package static let parameters: [ToolParameter] = [
        .optional(
            "directory",
            .string(maximumLength: Workspace.maximumPathBytes),
            "The directory to run it in, relative to the workspace.",
            default: "."
        ),
        .optional("timeout", .integer(1...3_600), "Seconds after which it is killed; the tool's limit if left out."),
    ]
}
