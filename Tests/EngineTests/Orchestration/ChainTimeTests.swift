import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// How long runs of chains and their nodes may take.
@Suite struct ChainTimeTests {
    @Test func aStageThatTakesTooLongHasFailed() async throws {
        try await withMockModel { _ in
            .hang(after: "hm")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    {"kind": "chain", "name": "late", "strategy": "sequential", "stages": [
                        {"agent": "assistant", "timeout": 0.2}]}
                    """
                )
                let summary = try await bench.client().send(.message("x"), to: "c", agent: "late") { _ in }
                #expect(summary.status == .failed && summary.errorCode == "deadline")
            }
        }
    }

    @Test func aCallThatTakesLongerThanItsNodeAllowsHasFailed() async throws {
        try await withMockServer { _ in
            .hang
        } perform: { server in
            try await withDatabase(template: .migrated) { url in
                try await withBench(url: url, policy: PermissivePolicy()) { bench in
                    try await bench.register(
                        """
                        [{"kind": "tool", "name": "get", "description": "Gets.", "implementation": "http_request",
                          "configuration": {"allowed_hosts": ["127.0.0.1:\(server.port)"], "allow_private": true}},
                         {"kind": "chain", "name": "slow", "strategy": "sequential", "stages": [
                            {"tool": "get", "arguments": {"url": "http://127.0.0.1:\(server.port)/"}, "timeout": 0.2}]}]
                        """
                    )
                    let client = ConversationClient(
                        conversations: bench.conversations,
                        work: bench.work,
                        registry: bench.registry,
                        services: ToolServices(http: bench.http),
                        logger: .silent
                    )
                    let summary = try await client.send(.message("x"), to: "c", agent: "slow") { _ in }
                    #expect(summary.status == .failed && summary.errorCode == "timeout")
                    // The request ends at the same moment as the call, and either may notice first.
                    let message = summary.errorMessage ?? ""
                    #expect(message.contains("longer than its caller allows") || message.contains("took too long"))
                }
            }
        }
    }

    /// The time of the chain is that of its own calls; it ends after its tasks, which are stopped.
    @Test func aRunThatIsOutOfTimeIsLimitedAfterItsTasks() async throws {
        try await withMockServer { _ in
            .hang
        } perform: { server in
            try await withMockModel { _ in
                .hang(after: "hm")
            } perform: { model in
                try await withDatabase(template: .migrated) { url in
                    try await withBench(url: url, policy: PermissivePolicy()) { bench in
                        try await bench.register(Documents.model(at: model.baseURL))
                        try await bench.register(
                            """
                            [{"kind": "tool", "name": "get", "description": "Gets.", "implementation": "http_request",
                              "configuration": {"allowed_hosts": ["127.0.0.1:\(server.port)"], "allow_private": true}},
                             {"kind": "chain", "name": "both", "strategy": "parallel", "timeout": 0.3, "branches": [
                                {"name": "asked", "agent": "assistant"},
                                {"name": "got", "tool": "get", "arguments": {"url": "http://127.0.0.1:\(server.port)/"}}]}]
                            """
                        )
                        let client = ConversationClient(
                            conversations: bench.conversations,
                            work: bench.work,
                            registry: bench.registry,
                            services: ToolServices(http: bench.http),
                            logger: .silent
                        )
                        let summary = try await client.send(.message("x"), to: "c", agent: "both") { _ in }
                        #expect(summary.status == .limited && summary.limitReached == "timeout")
                        let open = try await bench.texts(
                            "SELECT 'x' AS text FROM agentctl.tasks WHERE finished_at IS NULL"
                        )
                        #expect(open == [])
                    }
                }
            }
        }
    }
}
