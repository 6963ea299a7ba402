internal import JSON
internal import Postgres

extension ConversationStore {
    /// Writes a conversation as a file that ``importConversation(_:options:)`` reads into another database.
    ///
    /// It is written as it is at one moment, piece by piece: a long conversation needs no more memory than a short one. The
    /// same conversation is the same text, byte for byte, in whatever database it is.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - isPretty: Whether items are spread over lines.
    ///   - write: Takes the next piece of the text.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation, ``StoreError/Code/refused`` while a turn
    ///   runs; nothing has been written then.
    package func exportConversation(
        _ conversation: String,
        isPretty: Bool = false,
        write: @Sendable (String) -> Void
    ) async throws(StoreError) {
        try await database.transaction { connection -> Database.TransactionEnd<Void> in
            try await connection.query(
                """
                DECLARE exchange NO SCROLL CURSOR FOR
                SELECT i.part, CASE WHEN $2 THEN jsonb_pretty(i.item) ELSE i.item::text END AS item
                FROM agentctl.export_items($1) AS i
                """,
                [.text(conversation), .bool(isPretty)]
            )
            var writer = ConversationWriter(isPretty: isPretty)
            while true {
                let rows = try await connection.query("FETCH 200 FROM exchange")
                if rows.isEmpty { break }
                for row in rows {
                    write(writer.text(of: try row.decode("item"), in: try row.decode("part")))
                }
            }
            write(writer.end())
            return .commit(())
        }
    }

    /// Stores a conversation that ``exportConversation(_:isPretty:write:)`` wrote: all of it, or nothing.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - options: Under which id, and what else may be stored.
    /// - Returns: What was stored.
    /// - Throws: ``StoreError/Code/invalid`` with every problem, ``StoreError/Code/refused`` when the id is taken or versions of
    ///   definitions are missing, ``StoreError/Code/notPermitted`` when the user is no owner.
    package func importConversation(
        _ file: ConversationFile,
        options: ImportOptions = ImportOptions()
    ) async throws(StoreError) -> ImportedConversation {
        let rows: PostgresRows
        do throws(StoreError) {
            rows = try await database.onLeased(
                """
                SELECT agentctl.import_conversation($1::jsonb, as_id => $2, register => $3, keep_always => $4, dry_run => $5)
                    AS report
                """,
                [
                    .json(file.text), .optional(options.id), .bool(options.registersDefinitions),
                    .bool(options.keepsAlwaysApprovals), .bool(options.isRehearsal),
                ]
            )
        } catch {
            // What jsonb cannot hold: too large as a whole, or a number beyond numeric.
            switch error.sqlState {
            case "54000", "54001": throw error.with(.refused, "the file is too large for PostgreSQL: \(error.message)")
            case "22003": throw error.with(.invalid, "a number is beyond what PostgreSQL can hold: \(error.message)")
            default: throw error
            }
        }
        let report: JSONText = try rows.scalar("report")
        do throws(JSONParseError) {
            return ImportedConversation(try report.value())
        } catch {
            throw StoreError(.database, "the report cannot be read: \(error)")
        }
    }
}
