import Conversation
internal import JSON
import Store

/// Finds what is remembered, and what was said earlier in the conversation and is not shown any more.
struct RecallTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "recall",
        description: """
            Searches what is remembered, and the earlier messages of this conversation, also those that were summarized or are \
            too old to be shown, and returns what holds the words, each with its source.
            """,
        effect: .pure,
        parameters: [
            .required("query", .string(maximumLength: 500), "Words to look for, or an exact phrase."),
            .optional("limit", .integer(1...20), "Most memories, and most messages, to return.", default: 5),
            .optional("filter", .schema(["type": "object"]), "Only memories whose metadata has this."),
        ],
        configurationMembers: [],
        make: { settings, _ in RecallTool(settings: settings) }
    )

    package let settings: ToolSettings

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let query = arguments["query"]?.stringValue else {
            throw ToolError(.invalidArguments, "Recall needs a \"query\".")
        }
        guard let queries = context.services.queries, !context.conversationID.isEmpty else {
            throw ToolError(.failed, "There is no conversation here that could be searched.")
        }
        let maximum = Int(arguments["limit"]?.integerValue ?? 5)
        var memories: [JSONObject] = []
        let messages: [RecalledMessage]
        do throws(StoreError) {
            if context.memory.isSearched {
                memories = try await queries.recallMemories(
                    query,
                    of: context.conversationID,
                    for: context.agent,
                    context.memory,
                    filter: arguments["filter"]?.objectValue,
                    maximum: maximum
                )
            }
            messages = try await queries.recall(
                query,
                of: context.conversationID,
                before: context.turnSequence,
                maximum: maximum
            )
        } catch {
            throw ToolError(error.code == .cancelled ? .cancelled : .failed, "The messages could not be searched.")
        }
        guard !messages.isEmpty || !memories.isEmpty else {
            let what = context.memory.isSearched ? "Nothing that is remembered, and no" : "No"
            return ToolOutput("\(what) earlier message holds any of these words.", value: [])
        }
        let texts = memories.map(Self.text) + messages.map(Self.text)
        return ToolOutput(
            texts.joined(separator: "\n\n"),
            value: .array(memories.map(Self.value) + messages.map(Self.value))
        )
    }

    private static func text(_ memory: JSONObject) -> String {
        let day = memory["created_at"]?.stringValue?.prefix(10) ?? ""
        let trust = memory["trust"]?.stringValue ?? ""
        let content = Marks.indented(memory["content"]?.stringValue ?? "")
        return "[m\(memory["id"]?.integerValue ?? 0) · \(day) · \(trust)] \(content)"
    }

    private static func text(_ message: RecalledMessage) -> String {
        "[message \(message.number), \(message.role)] \(Marks.indented(message.excerpt))"
    }

    private static func value(_ memory: JSONObject) -> JSONValue {
        let members = ["id", "relevance", "by", "trust", "content", "metadata", "source_conversation", "source_seq"]
        return .object(JSONObject(members.compactMap { name in memory[name].map { (name, $0) } }))
    }

    private static func value(_ message: RecalledMessage) -> JSONValue {
        [
            "message": .integer(message.number), "turn": .integer(message.seq), "role": .string(message.role),
            "excerpt": .string(message.excerpt),
        ]
    }
}
