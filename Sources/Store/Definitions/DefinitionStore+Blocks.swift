package import JSON
internal import Postgres

extension DefinitionStore {
    /// Edits a block, as a person does.
    ///
    /// - Parameters:
    ///   - label: Its name.
    ///   - edit: `{do: insert, new_text, line}`, `{do: replace, old_text, new_text}`, `{do: rethink, new_text}` or
    ///     `{do: undo, version}`.
    ///   - version: The version that it is meant for; nil for whatever stands in it.
    ///   - conversation: The conversation whose block it is; nil for every other.
    ///   - user: The end user whose block it is; nil for every other.
    ///   - account: The database user whose end user it is; nil for the caller.
    /// - Returns: `{id, label, version, value, limit}`.
    /// - Throws: ``StoreError/Code/refused`` when it has another version, or would be too long;
    ///   ``StoreError/Code/notFound`` when there is no such block.
    package func editBlock(
        _ label: String,
        _ edit: JSONObject,
        version: Int? = nil,
        conversation: String? = nil,
        user: String? = nil,
        account: String? = nil
    ) async throws(StoreError) -> JSONValue {
        try await database.onLeased(
            "SELECT agentctl.edit_block($1, $2::jsonb, $3::integer, $4, $5, $6) AS block",
            [
                .text(label), .json(JSONText(.object(edit))), .optional(version.map { Int64($0) }),
                .optional(conversation), .optional(user), .optional(account),
            ]
        ).scalar("block")
    }
}
