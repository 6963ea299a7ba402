import NIOCore

/// Runs a server for as long as `body` runs.
///
/// ```swift
/// try await withMockServer { _ in .text("hello") } perform: { server in
///     let response = try await client.execute(HTTPClientRequest(url: server.url))
/// }
/// ```
///
/// - Parameters:
///   - keepsRequests: Whether requests are recorded; benchmarks do without.
///   - script: Makes the answer to each request.
///   - body: What is done with the server.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or an error of the system when no port can be had.
public func withMockServer<Result>(
    keepsRequests: Bool = true,
    _ script: @escaping MockServer.Script,
    perform body: (MockServer) async throws -> Result
) async throws -> Result {
    let listener = try await MockServer.listen()
    let server = MockServer(listener, keepsRequests: keepsRequests, script: script)
    return try await withThrowingTaskGroup { group in
        group.addTask(executorPreference: MockServer.loop) { try await server.serve(listener) }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try? await listener.channel.close()
        while await group.nextResult() != nil {}
        return try result.get()
    }
}
