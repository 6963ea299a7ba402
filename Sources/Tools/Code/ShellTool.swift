import Conversation
internal import JSON
internal import Sandbox

/// Runs command lines in the workspace, in the sandbox.
struct ShellTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "shell",
        description: """
            Runs a bash command line in the workspace and returns what it prints, errors included, and its exit code if \
            that is not 0. It is sandboxed: no network, no files but the workspace, and nothing that it starts goes on \
            after its end.
            """,
        effect: .unsafe,
        parameters: [.required("command", .string(maximumLength: 65_536), "The command line.")]
            + CommandRun.parameters,
        configurationMembers: CodeLimits.members,
        make: { settings, configuration in
            let limits = CodeLimits(configuration, grants: [.writable, .readOnly])
            return ShellTool(settings: settings, code: limits)
        }
    )

    package let settings: ToolSettings
    package let code: CodeLimits

    package var effect: ToolEffect { settings.statedEffect ?? code.effect }

    var truncationHint: String { "Print less, or into a file of the workspace." }

    package func facts(of arguments: JSONValue) -> ToolFacts { CommandRun.facts(of: arguments) }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let command = arguments["command"]?.stringValue else {
            throw ToolError(.invalidArguments, "\(specification.name) needs a \"command\".")
        }
        let run = CommandRun(settings: settings, code: code, context: context)
        let (outcome, sandboxLimits) = try await run.outcome(of: command, arguments)
        var notes: [String] = []
        if let note = run.repositoryNote(outcome) { notes.append(note) }
        if let note = CommandRun.note(outcome, limits: sandboxLimits) { notes.append(note) }
        if notes.isEmpty, outcome.output.isEmpty { notes.append("[done; nothing was printed]") }
        let shown = CodeOutput(limit: limits.outputBytes).text(outcome.output, notes: notes)
        return ToolOutput(
            shown.text,
            truncated: shown.isCut || outcome.isOutputCut,
            value: [
                "exit_reason": .string(outcome.exitReason.rawValue),
                "exit_code": outcome.exitCode.map { .integer(Int64($0)) } ?? .null,
            ],
            isFailure: CommandRun.isFailure(outcome)
        )
    }
}
