import EmbeddedPostgres

extension Command {
    /// The private server.
    ///
    /// - Throws: ``CommandFailure`` when another database is named, so that nobody stops or starts the wrong one.
    func embeddedServer() throws -> PostgresServer {
        guard
            case .embedded(let server) = try DatabaseTarget.resolve(
                option: options.databaseURL,
                environment: environment
            )
        else {
            let named = options.databaseURL != nil ? "--database-url" : "DATABASE_URL, or a PG* variable,"
            throw CommandFailure(
                .refused,
                code: "refused",
                "\(named) names another database; the private server is not used",
                hint: "This command is for the private server only; agentctl doctor and db psql are for either."
            )
        }
        return server
    }
}
