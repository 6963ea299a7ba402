import Logging
import Postgres
import TestSupport

/// Runs `body` with a client of a new database, and shuts the client down afterwards.
func withClient<Result>(
    _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Result
) async throws -> Result {
    try await withDatabase { url in
        try await withClient(url: url, change, body)
    }
}

/// Runs `body` with a client, and shuts it down afterwards.
func withClient<Result>(
    url: String,
    _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Result
) async throws -> Result {
    var configuration = try PostgresConfiguration(url: url)
    change(&configuration)
    let client = PostgresClient(configuration, logger: .silent)
    let result: Result
    do {
        result = try await body(client)
    } catch {
        await client.shutdown()
        throw error
    }
    await client.shutdown()
    return result
}

extension PostgresClient {
    /// Waits until a statement returns `true`.
    func wait(for condition: PostgresStatement, _ values: [PostgresValue] = []) async throws {
        try await eventually(condition.sql) {
            try await query(condition, values).first?.decode(at: 0, as: Bool.self) == true
        }
    }
}

/// The error that `body` ends with, or `nil` if it does not throw a `PostgresError`.
func postgresError<Result>(of body: () async throws -> Result) async -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}
