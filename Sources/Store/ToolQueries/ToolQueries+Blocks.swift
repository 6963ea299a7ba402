package import Conversation
internal import Definitions
package import JSON
package import Postgres

extension ToolQueries {
    /// How an edit of a block ended.
    package struct BlockEdit: Sendable, Hashable {
        /// The block as it is now; nil when there is no such block.
        package let block: BlockVersion?
        /// Why nothing has changed; nil when something has, or the edit was to what stands in it already.
        package let refusal: String?
    }

    /// Has the agent of a turn that runs edit one of its blocks.
    ///
    /// - Parameters:
    ///   - label: The block's name.
    ///   - edit: `{do: insert, new_text, line}`, `{do: replace, old_text, new_text}` or `{do: rethink, new_text}`.
    ///   - agent: The agent.
    ///   - conversation: The conversation's id.
    ///   - seq: The turn.
    ///   - memory: What is known of where the conversation has read.
    ///   - connection: The connection of the transaction that holds the conversation.
    /// - Returns: The block as it is after it, and why nothing has changed, if so.
    /// - Throws: ``StoreError/Code/unavailable`` when another turn has the block locked for too long;
    ///   ``StoreError/Code/notPermitted`` for a shared block where the conversation has read from outside.
    package static func editBlock(
        _ label: String,
        _ edit: JSONObject,
        by agent: String,
        of conversation: String,
        _ seq: Int64,
        _ memory: ToolMemory,
        within connection: PostgresConnection
    ) async throws(StoreError) -> BlockEdit {
        do throws(PostgresError) {
            let rows = try await connection.query(
                "SELECT agentctl.edit_block_of_turn($1, $2, $3, $4, $5::jsonb, $6, $7) AS result",
                [
                    .text(conversation), .integer(seq), .text(agent), .text(label.withoutNullCharacters),
                    .json(JSONText(UnstorableText.replaced(in: .object(edit)))), .textArray(memory.inside),
                    .bool(memory.isTainted),
                ]
            )
            let result = try rows.first?.decode("result", as: JSONValue.self) ?? .null
            return BlockEdit(block: BlockVersion(edited: result), refusal: result["refused"]?.stringValue)
        } catch {
            throw StoreError(error)
        }
    }
}

extension BlockVersion {
    /// Reads what `agentctl.edit_block_of_turn` returns; nil when there is no block in it.
    fileprivate init?(edited result: JSONValue) {
        guard let label = result["label"]?.stringValue, let version = result["version"]?.integerValue,
            let value = result["value"]?.stringValue, let limit = result["limit"]?.integerValue
        else { return nil }
        self.init(
            label: label,
            version: Int(version),
            value: value,
            description: result["description"]?.stringValue ?? "",
            limit: Int(limit)
        )
    }
}
