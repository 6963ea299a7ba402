import HTTP
import JSON
import Synchronization
import TestSupport
import Testing

import struct FoundationEssentials.UUID

@testable import Conversation
@testable import Tools

/// Calls tools that speak HTTP, with a resolver that a test makes up.
struct HTTPBench: Sendable {
    let client: HTTPClient
    var resolver = HostResolver.system
    var secrets: [String: String] = [:]
    var limits = ToolLimits(timeout: .seconds(20), outputBytes: 200_000)
    let recorder = CallRecorder()

    /// Runs a test with a client.
    static func with<Result>(_ body: (HTTPBench) async throws -> Result) async throws -> Result {
        let client = HTTPClient()
        do {
            let result = try await body(HTTPBench(client: client))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    func context(key: UUID? = nil) -> ToolContext {
        let services = ToolServices(http: client, resolver: resolver, secrets: Secrets(environment: secrets))
        var context = ToolContext(callID: "call-1", services: services, recorder: recorder)
        context.idempotencyKey = key
        return context
    }

    /// Calls a tool as a model does: through the router.
    func call(
        _ implementation: String,
        _ arguments: JSONValue,
        _ configuration: JSONValue,
        schema: JSONValue? = nil,
        key: UUID? = nil
    ) async throws -> ToolCallResult {
        let definition = ToolDefinition(
            name: implementation,
            versionID: 1,
            implementation: implementation,
            inputSchema: schema,
            configuration: configuration,
            limits: limits
        )
        let router = try ToolRouter([try ToolFactory().tool(for: definition)])
        let request = ToolCallRequest(id: "call-1", name: implementation, arguments: arguments.text)
        return await router.call(request, in: context(key: key))
    }

    /// Requests a URL on a host that is allowed, also if it is this machine.
    func get(_ url: String, hosts: [String], more: JSONObject = [:]) async throws -> ToolCallResult {
        var configuration: JSONObject = ["allowed_hosts": .array(hosts.map { .string($0) }), "allow_private": true]
        for member in more { configuration[member.key] = member.value }
        return try await call("http_request", ["url": .string(url)], .object(configuration))
    }
}

extension HostResolver {
    /// Answers from a list, one entry a question; the last one for all others.
    static func scripted(_ answers: [String: [[String]]]) -> HostResolver {
        let asked = MockCounter()
        return HostResolver { host throws(HTTPClientError) in
            let list = answers[host] ?? []
            guard !list.isEmpty else { throw HTTPClientError(.resolve, "the host cannot be found") }
            let number = asked.next(host)
            return list[min(number, list.count - 1)].compactMap { IPAddress($0) }
        }
    }
}

/// Counts by name.
private final class MockCounter: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// How often the name was counted before.
    func next(_ name: String) -> Int {
        counts.withLock { counts in
            defer { counts[name, default: 0] += 1 }
            return counts[name] ?? 0
        }
    }
}
