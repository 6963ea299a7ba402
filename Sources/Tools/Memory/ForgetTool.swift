import Conversation
import JSON
import Postgres
import Store

/// Forgets a memory for good, in the transaction that stores the call.
struct ForgetTool: ImplementedTool, TransactionalTool {
    package static let implementation = ToolImplementation(
        name: "forget",
        description: """
            Forgets a memory for good, by its number: [m12] is 12. What was said stays in the transcript of the \
            conversation in which it was said.
            """,
        effect: .sql,
        parameters: [.required("id", .schema(["type": "integer", "minimum": 1]), "The memory's number.")],
        configurationMembers: [],
        make: { settings, _ in ForgetTool(settings: settings) }
    )

    package let settings: ToolSettings

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "Something can be forgotten in a turn only.")
    }

    package func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        guard let id = arguments["id"]?.integerValue else {
            throw ToolError(.invalidArguments, "Forget needs an \"id\".")
        }
        let forgotten: JSONValue
        do throws(StoreError) {
            forgotten = try await ToolQueries.forget(
                id,
                in: context.conversationID,
                by: context.agent,
                context.memory,
                within: connection
            )
        } catch {
            throw ToolError(memory: error)
        }
        return ToolOutput("Forgotten: [m\(id)].", value: forgotten)
    }
}
