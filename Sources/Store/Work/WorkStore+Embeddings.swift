internal import Conversation
package import JSON
internal import Postgres

/// The model that makes vectors, and its space.
package struct EmbedderInForce: Sendable, Hashable {
    /// The model's name.
    package let name: String
    /// The id of its version.
    package let versionID: Int64
    /// Its document.
    package let document: JSONValue
    /// Its space; nil while there is none.
    package let space: VectorSpace?

    /// A space of vectors.
    package struct VectorSpace: Sendable, Hashable {
        /// Identifies it.
        package let id: Int
        /// What is subtracted from each vector.
        package let center: [Float]
        /// Whether it is searched; else it is filled beside the one that is.
        package let isInForce: Bool
        /// How many memories may be embedded now, 1,000 at most.
        package let waiting: Int64
    }
}

/// A memory that waits for a vector.
package struct UnembeddedMemory: Sendable, Hashable {
    package let id: Int64
    package let content: String
    /// The hash of the content, in hexadecimal: a vector is stored for the content that it was made of.
    package let hash: String
}

extension WorkStore {
    /// The model that the setting `embedder` names, with its space; nil when it names none.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func embedder() async throws(StoreError) -> EmbedderInForce? {
        let rows = try await database.onShared(
            """
            SELECT e.name, e.version_id, e.document, e.space_id, to_jsonb(e.center) AS center, e.state, e.waiting
            FROM agentctl.embedder_in_force() AS e
            """
        )
        return try rows.decoded { row throws(PostgresError) in
            let center: JSONValue? = try row.decode("center")
            let waiting: Int64 = try row.decode("waiting")
            let state: String? = try row.decode("state")
            let space: Int? = try row.decode("space_id")
            return EmbedderInForce(
                name: try row.decode("name"),
                versionID: try row.decode("version_id"),
                document: try row.decode("document"),
                space: space.map { id in
                    let numbers = center?.arrayValue?.compactMap { $0.numberValue.map { Float($0) } } ?? []
                    return EmbedderInForce.VectorSpace(
                        id: id,
                        center: numbers,
                        isInForce: state == "in_force",
                        waiting: waiting
                    )
                }
            )
        }.first
    }

    /// Opens the space of the embedder in force, and has all memories embedded in it.
    ///
    /// - Parameters:
    ///   - version: The id of the embedder's version; nothing happens if another one is in force by now.
    ///   - center: The center of the space.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func openSpace(of version: Int64, center: [Float]) async throws(StoreError) {
        _ = try await database.onLeased(
            "SELECT agentctl.open_space($1, ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::real)) AS space",
            [.integer(version), .json(JSONText(.array(center.map { .number(Double($0)) })))]
        )
    }

    /// Takes memories that wait for a vector, the newest first.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func claimEmbeddings(in space: Int, maximum: Int) async throws(StoreError) -> [UnembeddedMemory] {
        let rows = try await database.onLeased(
            """
            SELECT c.memory_id, c.content, encode(c.content_hash, 'hex') AS hash
            FROM agentctl.claim_embeddings($1::integer, $2::integer) AS c
            """,
            [.integer(Int64(space)), .integer(Int64(maximum))]
        )
        return try rows.decoded { row throws(PostgresError) in
            UnembeddedMemory(
                id: try row.decode("memory_id"),
                content: try row.decode("content"),
                hash: try row.decode("hash")
            )
        }
    }

    /// Stores vectors of memories; those that have changed meanwhile are left out.
    ///
    /// - Parameters:
    ///   - vectors: `[{memory, hash, embedding, signs, levels}]`.
    ///   - space: Their space.
    /// - Returns: How many were stored.
    /// - Throws: ``StoreError``; calling again is safe.
    @discardableResult
    package func store(vectors: JSONValue, in space: Int) async throws(StoreError) -> Int64 {
        try await database.onLeased(
            "SELECT agentctl.store_embeddings($1::integer, $2::jsonb)::bigint AS stored",
            [.integer(Int64(space)), .json(JSONText(vectors))]
        ).scalar("stored")
    }

    /// Notes why memories have no vector.
    ///
    /// - Parameters:
    ///   - memories: The memories.
    ///   - space: The space.
    ///   - message: What happened.
    ///   - isOfSpace: Whether the embedder answers wrongly, whatever it is asked.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func fail(
        _ memories: [Int64],
        in space: Int,
        because message: String,
        isOfSpace: Bool
    ) async throws(StoreError) {
        let ids = JSONValue.array(memories.map { .integer($0) })
        _ = try await database.onLeased(
            """
            SELECT agentctl.fail_embeddings(
                $1::integer, ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint), $3, $4)
            """,
            [.integer(Int64(space)), .json(JSONText(ids)), .text(message), .bool(isOfSpace)]
        )
    }

    /// Puts a space in force that has nearly all vectors, and deletes the one before.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    @discardableResult
    package func settleSpaces() async throws(StoreError) -> Bool {
        try await database.onLeased("SELECT agentctl.settle_spaces() AS settled").scalar("settled")
    }

    /// Stores that an embedder was asked.
    ///
    /// - Parameters:
    ///   - embedder: Its name.
    ///   - space: The space that it was asked for; nil for a new one.
    ///   - texts: How many texts it was asked about.
    ///   - tokens: Their tokens; nil if it failed.
    ///   - cost: What it cost in USD; nil if it failed.
    ///   - duration: How long it took.
    ///   - error: The class of the failure and what happened; nil if it succeeded.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func record(
        callOf embedder: String,
        for space: Int?,
        texts: Int,
        tokens: Int?,
        cost: Double?,
        duration: Duration,
        error: (code: String, message: String)?
    ) async throws(StoreError) {
        _ = try await database.onLeased(
            "SELECT agentctl.record_embedding_call($1::integer, $2, $3::integer, $4, $5, $6, $7, $8)",
            [
                .optional(space.map { Int64($0) }), .text(embedder), .integer(Int64(texts)),
                .optional(tokens.map { Int64($0) }), .optional(cost), .double(duration.milliseconds),
                .optional(error?.code), .optional(error?.message),
            ]
        )
    }
}
