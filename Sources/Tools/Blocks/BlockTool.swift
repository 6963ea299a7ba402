import Conversation
import JSON
import Postgres
import Store

/// A tool that edits a block of the agent's, in the transaction that stores the call.
protocol BlockTool: ImplementedTool, TransactionalTool {
    /// The edit, as `agentctl.change_block` reads it.
    func edit(_ arguments: JSONValue) -> JSONObject
}

extension BlockTool {
    func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "A block can be edited by a turn only.")
    }

    /// Edits the block.
    ///
    /// What is refused is an output and no error: the model is shown what stands in the block now, and the database
    /// keeps that it was, so that its next try can succeed.
    func call(
        _ arguments: JSONValue,
        in context: ToolContext,
        within connection: PostgresConnection
    ) async throws(ToolError) -> ToolOutput {
        let result: ToolQueries.BlockEdit
        do throws(StoreError) {
            result = try await ToolQueries.editBlock(
                arguments["label"]?.stringValue ?? "",
                edit(arguments),
                by: context.agent,
                of: context.conversationID,
                context.turnSequence,
                context.memory,
                within: connection
            )
        } catch {
            if error.code == .notPermitted { throw ToolError(memory: error) }
            throw ToolError(error.code == .cancelled ? .cancelled : .failed, "The block was not edited.")
        }
        guard let block = result.block else {
            throw ToolError(.invalidArguments, "\(result.refusal ?? "The block was not edited").")
        }
        let text = result.refusal.map { "Nothing was changed: \($0). The block is now:\n" } ?? "The block is now:\n"
        return ToolOutput(
            text + BlockMarks.marked(block),
            value: [
                "label": .string(block.label), "version": .integer(Int64(block.version)),
                "value": .string(block.value), "refused": result.refusal.map { .string($0) } ?? .null,
            ]
        )
    }

    static var label: ToolParameter { .required("label", .string(maximumLength: 64), "The block's label.") }
}
