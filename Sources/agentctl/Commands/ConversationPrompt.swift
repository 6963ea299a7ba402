import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations prompt`.
struct ConversationPrompt: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Show what the model is sent: instructions, summary, messages and tools.",
        discussion: """
            It is the first request of the next turn, made as a worker makes it, and nothing is sent: of the message that \
            waits first, else of --message. With --turn it is that of an earlier turn, with the agent and the settings of \
            today. Guardrails have not inspected a message that waits. Tokens are estimates. For owners and workers.

            EXAMPLE
              agentctl conversations prompt 123
              agentctl conversations prompt 123 --message 'What is 2 + 3?'
              agentctl conversations prompt 123 --turn 2 --json | jq '.messages[] | [.number, .role, .tokens]'
            """,
        aliases: ["context"]
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("A turn that has ended or waits: SEQ of ID/SEQ.", valueName: "seq"))
    var turn: Int64?

    @Option(help: ArgumentHelp("The message of the next turn, where none waits.", valueName: "text"))
    var message: String?

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard turn == nil || message == nil else {
            throw ValidationError("--turn and --message exclude each other.")
        }
        guard turn ?? 1 > 0 else { throw ValidationError("--turn is the number of a turn, from 1.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let preview = try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                try await engine.client.preview(of: id, turn: turn, message: message)
            }
        }
        guard let (request, isAssumed) = preview else {
            throw CommandFailure(
                .refused,
                code: "refused",
                "nothing is sent to a model for this: it is an operation, or the turn of a chain or a plan",
                hint: "See: agentctl trace \(turn.map { "\(id)/\($0)" } ?? id)"
            )
        }
        var report = request.json
        report["is_assumed"] = .bool(isAssumed)
        if console.isJSON { console.print(.object(report)) } else { show(report, on: console) }
        return .done
    }

    private func show(_ report: JSONObject, on console: Console) {
        let stream = console.output
        func word(_ field: String) -> String { Printable.line(FieldFormat.plain.text(report[field] ?? .null)) }
        let window = report["context_window"]?.integerValue.map { " of \($0)" } ?? ""
        console.print(
            "\(stream.styled("turn \(word("turn"))", .bold))  agent \(word("agent")) v\(word("agent_version"))  "
                + "model \(word("model"))  about \(word("tokens"))\(window) tokens"
        )
        if report["is_assumed"]?.boolValue == true {
            console.print(stream.styled("no message waits: the last one here is assumed", .yellow))
        }
        if report["is_compacted_first"]?.boolValue == true {
            console.print(stream.styled("the oldest messages are summarized before it is sent", .yellow))
        }
        let transcript = Transcript(report["messages"]?.arrayValue ?? [])
        console.print("\n" + transcript.text(on: stream))
        for tool in report["tools"]?.arrayValue ?? [] {
            let name = stream.styled(Printable.line(tool["name"]?.stringValue ?? ""), .cyan)
            let text = Printable.line(tool["description"]?.stringValue ?? "", width: 200)
            console.print("\ntool \(name), about \(tool["tokens"]?.text ?? "") tokens: \(text)")
            console.print(stream.shown(tool["input_schema"]?.text ?? ""))
        }
        if let schema = report["output_schema"], schema != .null {
            console.print("\nthe answer has to fit: \(stream.shown(schema.text))")
        }
    }
}
