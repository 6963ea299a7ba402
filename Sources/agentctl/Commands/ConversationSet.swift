import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations set`.
struct ConversationSet: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change the agent, the model, limits or routing for what follows.",
        discussion: """
            It holds for messages that are submitted after it. Limits are the numbers of an agent's document, such as \
            max_iterations, max_turn_tokens, timeout and temperature.

            EXAMPLE
              agentctl conversations set 123 --agent Analyst
              agentctl conversations set 123 --model large --limit max_iterations=40 --limit timeout=900
              agentctl conversations set 123 --reset model
              agentctl conversations set 123 --routing each
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("The agent.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("The model, instead of the agent's.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("A limit, instead of the agent's; can be repeated.", valueName: "name=number"))
    var limit: [String] = []

    @Option(help: ArgumentHelp("Go back to the agent's own; can be repeated.", valueName: "model|limit"))
    var reset: [String] = []

    @Option(help: "Which messages that name no agent are routed: each, or once (the first).")
    var routing: RoutingMode?

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard try !settings().isEmpty else {
            throw ValidationError("Nothing to set: give --agent, --model, --limit, --routing or --reset.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let (id, settings) = (id, try settings())
        return try await operate(on: id, console: console, tools: tools) { conversations throws(StoreError) in
            try await conversations.set(settings, of: id)
        } sentence: { event in
            let held: JSONObject =
                if case .settingsChanged(let settings)? = event.event { settings } else { settings }
            let changes = settings.map { Self.change(of: $0.key, asked: $0.value, holds: held[$0.key] ?? $0.value) }
            return Printable.text("conversation \(id): \(changes.joined(separator: ", "))")
        }
    }

    /// The value of a setting now: only an owner may raise a limit.
    private static func change(of name: String, asked: JSONValue, holds: JSONValue) -> String {
        let isAsked = asked == holds || asked.numberValue != nil && asked.numberValue == holds.numberValue
        let value = holds == .null ? "the agent's own" : holds.text
        return "\(name) = \(value)" + (isAsked ? "" : " (not \(asked.text): only an owner raises limits)")
    }

    private func settings() throws -> JSONObject {
        var settings: JSONObject = [:]
        for name in reset { settings[name] = JSONValue.null }
        for text in limit {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = try? JSONValue(parsing: String(parts[1])), value.numberValue != nil
            else {
                throw ValidationError("A limit is NAME=NUMBER, as in max_iterations=40, and not \"\(text)\".")
            }
            settings[String(parts[0])] = value
        }
        if let routing { settings["routing"] = .string(routing.rawValue) }
        if let model { settings["model"] = .string(model) }
        if let agent { settings["agent"] = .string(agent) }
        return settings
    }
}

/// Which messages of a conversation that name no agent are routed.
enum RoutingMode: String, ExpressibleByArgument {
    /// Each by itself.
    case each
    /// The one that starts the conversation.
    case once
}
