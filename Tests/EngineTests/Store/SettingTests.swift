import Engine
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite struct SettingTests {
    @Test(arguments: [
        ("worker_ttl", "NaN"), ("worker_ttl", "Infinity"), ("worker_ttl", "1e300"), ("worker_ttl", "0"),
        ("worker_ttl", "-5"), ("worker_ttl", "0.001"), ("worker_ttl", "abc"), ("worker_ttl", ""),
        ("max_attempts", "0"), ("max_attempts", "2.5"), ("max_attempts", "99999999999999999999"),
        ("max_message_bytes", "99999999999"), ("max_message_bytes", "abc"), ("max_message_bytes", "-1"),
        ("route_threshold", "2"),
    ])
    func aValueThatMeansNothingIsRefusedByName(_ name: String, _ value: String) async throws {
        try await withBench { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "UPDATE agentctl.setting SET value = $2 WHERE name = $1",
                    [.text(name), .text(value)]
                )
            }
            #expect(error?.sqlState == "AC001")
            #expect(error?.message.contains(#"setting "\#(name)" takes "#) == true, "\(error?.message ?? "")")
            #expect(error?.message.hasSuffix(#"and not "\#(value)""#) == true, "\(error?.message ?? "")")
        }
    }

    @Test func allOfThemHaveATypeAndNoneIsAddedOrTakenAway() async throws {
        try await withBench { bench in
            #expect(
                try await bench.texts(
                    """
                    SELECT name AS text FROM agentctl.setting
                    WHERE type IS NULL OR (type = 'text') <> (minimum IS NULL) OR (type = 'text') <> (maximum IS NULL)
                    """
                ) == []
            )
            // What is in force passes.
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = value")
            for (statement, state): (PostgresStatement, String) in [
                ("INSERT INTO agentctl.setting (name, value, description) VALUES ('worker_tll', '5', '')", "AC002"),
                ("UPDATE agentctl.setting SET name = 'worker_tll' WHERE name = 'worker_ttl'", "AC002"),
                ("DELETE FROM agentctl.setting WHERE name = 'worker_ttl'", "AC003"),
            ] {
                let error = await #expect(throws: PostgresError.self) { try await bench.client.query(statement) }
                #expect(error?.sqlState == state, "\(statement.sql)")
            }
        }
    }

    @Test(arguments: ["default_agent", "planning_agent", "default_policy"])
    func whatASettingNamesIsThere(_ name: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"[{"kind": "policy", "name": "strict", "rules": [{"action": "ask"}]}]"#)
            let change: PostgresStatement = "UPDATE agentctl.setting SET value = $2 WHERE name = $1"
            let known = name == "default_policy" ? "strict" : "assistant"
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(change, [.text(name), .text("\(known)x")])
            }
            #expect(error?.sqlState == "AC002" && error?.hint == "Did you mean \(known)?", "\(error?.message ?? "")")
            _ = try await bench.client.query(change, [.text(name), .text("")])
            _ = try await bench.client.query(change, [.text(name), .text(known)])
            guard name == "default_policy" else { return }
            let refused = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.unregister('strict', 'policy')")
            }
            #expect(refused?.sqlState == "AC003")
            #expect(refused?.message == #"policy "strict" is named by the setting default_policy"#)
        }
    }

    @Test(arguments: ["NaN", "Infinity", "1e300", "0"])
    func aWorkerHasATimeToLiveThatReapCanCountWith(_ value: String) async throws {
        try await withBench { bench in
            _ = try await bench.claim()
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "UPDATE agentctl.worker SET time_to_live = $1::text::double precision",
                    [.text(value)]
                )
            }
            #expect(error?.constraint == "worker_time_to_live_check")
        }
    }

    @Test(arguments: [
        #"{"timeout": 1e300}"#, #"{"timeout": "long"}"#, #"{"max_iterations": 2.5}"#, #"{"history_limit": -1}"#,
        #"{"max_turn_tokens": 99999999999999999999}"#,
    ])
    func aConversationsNumbersAreThoseThatItsAgentCouldHave(_ settings: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "UPDATE agentctl.conversation SET settings = $1::text::jsonb",
                    [.text(settings)]
                )
            }
            #expect(error?.sqlState == "AC001")
            #expect(error?.message.contains(#"of conversation "c" takes "#) == true, "\(error?.message ?? "")")
            _ = try await bench.client.query(
                #"UPDATE agentctl.conversation SET settings = '{"timeout": 30, "max_iterations": null}'"#
            )
        }
    }
}
