import Engine
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Tools

@Suite struct AgentRegistryTests {
    @Test func anAgentIsBuiltOnceAndAnewAfterAChange() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            #expect(first.version == 1 && first.settings.maximumIterations == 15)
            _ = try await bench.client.query("UPDATE agentctl.agents SET max_iterations = 3, top_p = 0.5")
            #expect(try await bench.registry.agent(named: "assistant", epoch: first.epoch).version == 1)
            let second = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
            #expect(second.version == 2 && second.settings.maximumIterations == 3 && second.settings.topP == 0.5)
            bench.registry.invalidate()
            #expect(try await bench.registry.agent(named: "assistant", epoch: 0).version == 2)
        }
    }

    @Test func aChangedModelOrToolMakesTheAgentAnew() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            _ = try await bench.client.query(
                "UPDATE agentctl.tools SET description = 'Counts.' WHERE name = 'calculator'"
            )
            let second = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
            #expect(second.version == first.version)
            #expect(second.tools.specifications.map(\.description) == ["Counts."])
            #expect(second.toolVersions != first.toolVersions)
        }
    }

    /// Claims that were made before a change have an epoch that no agent has any more.
    @Test(.needsSession) func howeverManyAskAtOnceTheRowsAreReadOnceOrTwice() async throws {
        try await withDatabase(template: .migrated) { url in
            _ = try await psql(
                url,
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = pl', current_database()); END $$"
            )
            try await withBench(url: url) { bench in
                try await bench.register(Documents.offline)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<50 {
                        group.addTask { try await bench.registry.agent(named: "assistant", epoch: 1).version }
                    }
                    for try await version in group { #expect(version == 1) }
                }
            }
            // The server counts when a session ends.
            let calls = "SELECT calls FROM pg_stat_user_functions WHERE funcname = 'agent_parts'"
            try await eventually("the server to count") { try await !psql(url, calls).isEmpty }
            let reads = try #require(Int(try await psql(url, calls)))
            #expect(reads <= 2)
        }
    }

    /// A server that has lost what was committed last: the agent's second version, and the epoch of its change.
    private func lose(_ change: String, at url: String) async throws {
        _ = try await psql(
            url,
            """
            SET LOCAL session_replication_role = replica;
            UPDATE agentctl.definition SET current_version = 1 WHERE kind = 'agent' AND name = 'assistant';
            DELETE FROM agentctl.definition_version WHERE kind = 'agent' AND name = 'assistant' AND version = 2;
            \(change)
            """
        )
    }

    /// After a failover the epoch is an earlier one, and the versions that were registered last are gone.
    @Test func noAgentRunsThatAFailoverHasLost() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            _ = try await psql(bench.url, "UPDATE agentctl.agents SET max_iterations = 3")
            let lost = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
            #expect(lost.version == 2 && lost.settings.maximumIterations == 3 && lost.epoch > first.epoch)

            try await lose("UPDATE agentctl.definition_epoch SET epoch = \(first.epoch);", at: bench.url)
            let found = try await bench.registry.agent(named: "assistant", epoch: first.epoch)
            #expect(found.version == 1 && found.settings.maximumIterations == first.settings.maximumIterations)
        }
    }

    /// As many changes after a failover as it has lost do not lead to an epoch that was there.
    @Test func whatIsChangedAfterAFailoverIsNotWhatItHasLost() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            _ = try await psql(bench.url, "UPDATE agentctl.agents SET max_iterations = 3")
            let lost = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)

            try await lose("UPDATE agentctl.definition_epoch SET epoch = \(first.epoch);", at: bench.url)
            _ = try await psql(bench.url, "UPDATE agentctl.agents SET max_iterations = 5")
            let epoch = try #require(
                Int64(try await psql(bench.url, "SELECT epoch FROM agentctl.definition_epoch"))
            )
            #expect(epoch >> 20 == lost.epoch >> 20)
            let found = try await bench.registry.agent(named: "assistant", epoch: epoch)
            #expect(found.version == 2 && found.settings.maximumIterations == 5)
        }
    }

    /// Connections come and go all the time, and say nothing about what was committed.
    @Test func connectionsThatAreOpenedOrLostHaveNoAgentReadAgain() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            _ = try await psql(bench.url, "UPDATE agentctl.agents SET max_iterations = 3")
            let kept = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
            #expect(kept.version == 2)
            // If it were read again, it would be another one.
            try await lose("", at: bench.url)

            let before = bench.client.connectionChanges
            try await bench.client.withConnection { _ in
                try await bench.client.withConnection { _ in
                    try await bench.client.withConnection { try await $0.query("SELECT 1") }
                }
            }
            #expect(bench.client.connectionChanges.opened > before.opened)
            #expect(try await bench.registry.agent(named: "assistant", epoch: kept.epoch).version == 2)

            let ended = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            _ = try await psql(bench.url, ended)
            if !TemporaryPgBouncer.isWanted {
                try await eventually("the connections are lost") { bench.client.connectionChanges.lost > before.lost }
            }
            #expect(try await bench.registry.agent(named: "assistant", epoch: kept.epoch).version == 2)
        }
    }

    @Test func anUnknownAgentIsATypedError() async throws {
        try await withBench { bench in
            let error = await #expect(throws: AgentError.self) {
                try await bench.registry.agent(named: "nobody", epoch: 0)
            }
            #expect(error?.code == .notFound)
        }
    }
}
