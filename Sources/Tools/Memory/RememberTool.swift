import Conversation
import JSON
import Postgres
import Store

/// Stores what an agent wants to know later, in the transaction that stores the call.
struct RememberTool: ImplementedTool, TransactionalTool {
    package static let implementation = ToolImplementation(
        name: "remember",
        description: """
            Remembers a fact for later conversations: one, in a sentence that is understood without this conversation. \
            Answers with its number and what is similar already; pass a number as "replaces" when the fact has changed.
            """,
        effect: .sql,
        parameters: [
            .required("content", .string(maximumLength: 4_000), "The fact."),
            .optional("importance", .schema(["type": "number", "minimum": 0, "maximum": 1]), "From 0 to 1."),
            .optional(
                "for",
                .schema(["type": "string", "enum": ["user", "conversation", "agent", "everyone"]]),
                "Who is reminded of it: the user (the default), this conversation only, all users of this agent, or everyone."
            ),
            .optional("metadata", .schema(["type": "object"]), "What it can be filtered by, such as a topic."),
            .optional(
                "expires_in",
                .schema(["type": "number", "exclusiveMinimum": 0, "maximum": 3_153_600_000]),
                "Seconds after which it is no longer true."
            ),
            .optional(
                "replaces",
                .schema(["type": "integer", "minimum": 1]),
                "The number of the memory that it replaces."
            ),
        ],
        configurationMembers: [],
        make: { settings, _ in RememberTool(settings: settings) }
    )

    package let settings: ToolSettings

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "Something can be remembered in a turn only.")
    }

    package func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        let stored: JSONValue
        do throws(StoreError) {
            stored = try await ToolQueries.remember(
                arguments,
                in: context.conversationID,
                context.turnSequence,
                by: context.agent,
                context.memory,
                within: connection
            )
        } catch {
            throw ToolError(memory: error)
        }
        guard let id = stored["id"]?.integerValue else {
            return ToolOutput("This was forgotten on purpose and is not remembered again.", value: stored)
        }
        let similar = stored["similar"]?.arrayValue ?? []
        let lines = similar.map { memory in
            "[m\(memory["id"]?.integerValue ?? 0)] \(Marks.indented(memory["content"]?.stringValue ?? ""))"
        }
        let more = lines.isEmpty ? "" : "\nSimilar already:\n" + lines.joined(separator: "\n")
        return ToolOutput("Remembered as [m\(id)].\(more)", value: stored)
    }
}

extension ToolError {
    /// Why a memory could not be written; the database says what the model can do about it.
    init(memory error: StoreError) {
        let hint = error.hint.map { " \($0)" } ?? ""
        switch error.code {
        case .invalid: self.init(.invalidArguments, error.message + hint)
        case .refused, .notPermitted, .notFound: self.init(.failed, error.message + "." + hint)
        default: self.init(.failed, "The memory could not be written.")
        }
    }
}
