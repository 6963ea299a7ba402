import Conversation
internal import JSON
import Store

/// Finds what was said earlier in the conversation and is not shown any more.
struct RecallTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "recall",
        description: """
            Searches the earlier messages of this conversation, also those that were summarized or are too old to be shown, \
            and returns the parts that hold the words.
            """,
        effect: .pure,
        parameters: [
            .required("query", .string(maximumLength: 500), "Words to look for, or an exact phrase."),
            .optional("limit", .integer(1...20), "Most messages to return.", default: 5),
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
        let found: [RecalledMessage]
        do throws(StoreError) {
            found = try await queries.recall(
                query,
                of: context.conversationID,
                before: context.turnSequence,
                maximum: Int(arguments["limit"]?.integerValue ?? 5)
            )
        } catch {
            throw ToolError(error.code == .cancelled ? .cancelled : .failed, "The messages could not be searched.")
        }
        guard !found.isEmpty else { return ToolOutput("No earlier message holds any of these words.", value: []) }
        return ToolOutput(
            found.map { "[message \($0.number), \($0.role)] \($0.excerpt)" }.joined(separator: "\n\n"),
            value: .array(
                found.map { message in
                    [
                        "message": .integer(message.number), "turn": .integer(message.seq),
                        "role": .string(message.role), "excerpt": .string(message.excerpt),
                    ]
                }
            )
        )
    }
}
