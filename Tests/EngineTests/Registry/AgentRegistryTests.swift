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

    @Test func manyAskingAtOnceBuildOnce() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await bench.registry.agent(named: "assistant", epoch: 1).version }
                }
                for try await version in group { #expect(version == 1) }
            }
        }
    }

    /// After a failover the epoch is an earlier one, and the versions that were registered last are gone.
    @Test(.needsSession) func noAgentRunsThatAFailoverHasLost() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.registry.agent(named: "assistant", epoch: 0)
            _ = try await bench.client.query("UPDATE agentctl.agents SET max_iterations = 3")
            let lost = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
            #expect(lost.version == 2 && lost.settings.maximumIterations == 3)
            let claims = bench.client.connectionChanges

            let server = PostgresClient(try PostgresConfiguration(url: bench.url), logger: .silent)
            try await server.withConnection { connection in
                try await connection.executeScript(
                    """
                    SET session_replication_role = replica;
                    UPDATE agentctl.definition SET current_version = 1 WHERE kind = 'agent' AND name = 'assistant';
                    DELETE FROM agentctl.definition_version WHERE kind = 'agent' AND name = 'assistant' AND version = 2;
                    UPDATE agentctl.definition_epoch SET epoch = \(first.epoch);
                    """
                )
                // While connections last nothing is read again: no message pays for this.
                #expect(try await bench.registry.agent(named: "assistant", epoch: first.epoch).version == 2)
                try await connection.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                )
            }
            await server.shutdown()
            try await eventually("the connections are lost") { bench.client.connectionChanges.lost > claims.lost }
            // The claim carries the epoch that there is now.
            // Another connection of the pool may break only now.
            var found: Agent?
            try await eventually("the agent to be read") {
                found = try? await bench.registry.agent(named: "assistant", epoch: first.epoch)
                return found != nil
            }
            #expect(found?.version == 1 && found?.settings.maximumIterations == first.settings.maximumIterations)
        }
    }

    /// A pooler keeps the connections of its clients while it connects to another server.
    @Test func behindAPoolerAnEarlierEpochIsTheSignOfAFailover() async throws {
        try await withDatabase(template: .migrated) { url in
            try await withBench(url: "\(url)&pgbouncer=true") { bench in
                try await bench.register(Documents.offline)
                let first = try await bench.registry.agent(named: "assistant", epoch: 0)
                _ = try await psql(url, "UPDATE agentctl.agents SET max_iterations = 3")
                let lost = try await bench.registry.agent(named: "assistant", epoch: first.epoch + 1)
                #expect(lost.version == 2)
                _ = try await psql(
                    url,
                    """
                    SET LOCAL session_replication_role = replica;
                    UPDATE agentctl.definition SET current_version = 1 WHERE kind = 'agent' AND name = 'assistant';
                    DELETE FROM agentctl.definition_version WHERE kind = 'agent' AND name = 'assistant' AND version = 2;
                    UPDATE agentctl.definition_epoch SET epoch = \(first.epoch);
                    """
                )
                let found = try await bench.registry.agent(named: "assistant", epoch: first.epoch)
                #expect(found.version == 1)
            }
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
