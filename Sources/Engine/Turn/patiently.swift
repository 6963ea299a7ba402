import Store

/// How long a database that went away is waited for by a caller who follows a turn.
private let longestOutage: Duration = .seconds(60)

/// Asks the database, and asks again for a minute when it is away.
///
/// - Parameter statement: What it is asked; it may be carried out twice.
/// - Returns: What the statement returns.
/// - Throws: ``StoreError``; ``StoreError/Code/unreachable`` when the database did not come back.
func patiently<Value>(
    _ statement: () async throws(StoreError) -> Value
) async throws(StoreError) -> Value {
    try await retrying(.database, for: longestOutage, while: { $0.code == .unreachable }, statement)
}
