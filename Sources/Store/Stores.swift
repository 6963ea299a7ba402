package import Postgres

/// All that the program asks of its database, by who asks.
///
/// Whoever sets a program up makes this, and gives each part the store that it needs. Every statement of the program
/// is in this target.
package struct Stores: Sendable {
    /// For clients of conversations.
    package let conversations: ConversationStore
    /// For workers.
    package let work: WorkStore
    /// For what reads and registers agents and all they are made of.
    package let definitions: DefinitionStore
    /// For calls to models.
    package let endpoints: EndpointStore
    /// For what tools ask.
    package let queries: ToolQueries
    /// For what people read.
    package let reports: Reports

    private let database: Database

    /// The stores of a database.
    ///
    /// - Parameter client: An open client, which all of them share; they do not close it.
    package init(client: PostgresClient) {
        database = Database(client: client)
        conversations = ConversationStore(database: database)
        work = WorkStore(database: database)
        definitions = DefinitionStore(database: database)
        endpoints = EndpointStore(database: database)
        queries = ToolQueries(database: database)
        reports = Reports(database: database)
    }

    /// Checks that the database has the schema of this release; one statement.
    ///
    /// A user who may not read which files made the schema passes.
    ///
    /// - Throws: ``StoreError/Code/refused`` when a newer release has migrated the database,
    ///   ``StoreError/Code/notMigrated`` when files of this one are to be applied; ``StoreError`` when it cannot be asked.
    package func requireSchema() async throws(StoreError) {
        try await database.requireSchema()
    }
}
