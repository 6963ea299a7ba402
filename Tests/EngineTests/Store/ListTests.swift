import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Pages of conversations and approvals: whose they have, and that the server reads no more than a page for them.
@Suite struct ListTests {
    @Test func aPageIsReadFromAnIndexWhoeverAsks() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.script(PlanTests.fill)
            try await bench.withUser(in: "agentctl_client") { user in
                _ = try await user.texts("SELECT agentctl.submit('mine', 'hi', 'assistant')::text AS text")
                try await bench.script(Self.fill(user.name))
                try await bench.script(
                    """
                    ALTER ROLE "\(user.name)" SET session_preload_libraries = 'auto_explain';
                    ALTER ROLE "\(user.name)" SET auto_explain.log_min_duration = 0;
                    ALTER ROLE "\(user.name)" SET auto_explain.log_nested_statements = on;
                    """
                )
                for asking in [bench.url, bench.url.replacingUser(with: user.name)] {
                    let (plans, scans) = try await scans(at: asking, user.name)
                    #expect(plans > 20, "the plans were not reported")
                    #expect(scans == [], "\(asking)")
                }
            }
        }
    }

    /// The scans of each page that can be asked for.
    private func scans(at url: String, _ user: String) async throws -> (plans: Int, scans: [String]) {
        try await sequentialScans(
            at: url,
            besides: [
                "setting", "definition_epoch", "definition", "worker", "conversation_grant",
                // What is not idle; a page of a state is of all of it.
                "work_list",
            ],
            // What is wanted is at their beginning or end, or all that they hold.
            walking: [
                "conversation_by_time", "approval_pkey", "approval_pending", "turn_progress_pkey",
                // There is no task.
                "task_pkey",
            ]
        ) { client in
            let stores = Stores(client: client)
            var filter = ConversationFilter(limit: 10)
            #expect(try await stores.reports.conversationReport(filter).count == 10)
            filter.after = "c15000"
            #expect(try await stores.reports.conversationReport(filter).count == 10)
            filter.createdBy = user
            #expect(try await stores.reports.conversationReport(filter).count == 10)
            for state in ["idle", "ready", "running", "waiting", "parked"] {
                filter = ConversationFilter(limit: 10)
                filter.state = state
                _ = try await stores.reports.conversationReport(filter)
            }
            #expect(try await stores.conversations.approvals(isPending: true, limit: 10).count == 10)
            #expect(try await stores.conversations.approvals(isPending: false, limit: 10).count == 10)
            #expect(
                try await stores.conversations.approvals(conversation: "c100", isPending: false, limit: 1).count == 1
            )
            #expect(try await stores.reports.conversationReport("c100", limit: 100)?["turns"]?.arrayValue?.count == 3)
            _ = try await stores.reports.traceReport(conversation: "c100", seq: 2)
            _ = try await stores.conversations.events(of: "c100", after: 0)
        }
    }

    /// Every fifth conversation is the user's, every hundredth has calls that wait and that were decided.
    private static func fill(_ user: String) -> String {
        """
        UPDATE agentctl.conversation SET created_by = '\(user)' WHERE substr(id, 2)::integer % 5 = 0 AND id LIKE 'c%';
        UPDATE agentctl.conversation_control SET state = 'waiting', wake_at = now() + interval '1 h', tail_seq = 4
        WHERE conversation_id IN (SELECT 'c' || n FROM generate_series(300, 20000, 100) AS n);
        INSERT INTO agentctl.turn_progress (conversation_id, seq, saves, started_at, first_message, agent, agent_version,
            steps, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
        SELECT 'c' || n, 4, 1, now(), 7, 'assistant', 1, 1, 1, 1, 0, 0, 0, 0, 1 FROM generate_series(300, 20000, 100) AS n;
        INSERT INTO agentctl.approval (conversation_id, seq, call_number, tool, arguments, state, decided_by, decided_at)
        SELECT 'c' || n, s, 1, 't', '{}', CASE s WHEN 4 THEN 'pending' ELSE 'approved' END::agentctl.approval_state,
               CASE WHEN s < 4 THEN '\(user)' END, CASE WHEN s < 4 THEN now() END
        FROM generate_series(100, 20000, 5) AS n, generate_series(1, 4) AS s WHERE s < 4 OR n % 100 = 0 AND n >= 300;
        ANALYZE;
        """
    }

    @Test func aClientsPageHasItsOwnAndOfEachState() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hi"), to: "other")
            try await bench.withUser(in: "agentctl_client") { user in
                for name in ["a", "b", "c"] {
                    _ = try await user.texts("SELECT agentctl.submit('\(name)', 'hi', 'assistant')::text AS text")
                }
                let listed = """
                    SELECT coalesce(string_agg(split_part(l ->> 'conversation_id', '/', 2), ' '), '-') AS text
                    FROM agentctl.list_conversations
                    """
                try await bench.script(
                    """
                    UPDATE agentctl.conversation_control SET state = 'waiting', ready_at = NULL, has_progress = true,
                        wake_at = now() WHERE conversation_id LIKE '%/b';
                    """
                )
                #expect(try await user.texts(listed + "() AS l") == ["c b a"])
                #expect(try await user.texts(listed + "(2) AS l") == ["c b"])
                #expect(try await user.texts(listed + "(2, after => 'b') AS l") == ["a"])
                #expect(try await user.texts(listed + "(state => 'ready') AS l") == ["c a"])
                #expect(try await user.texts(listed + "(state => 'waiting') AS l") == ["b"])
                #expect(try await user.texts(listed + "(state => 'idle') AS l") == ["-"])
                #expect(try await user.texts(listed + "(prefix => 'c') AS l") == ["c"])
                #expect(try await user.texts(listed + "(since => now() + interval '1 h') AS l") == ["-"])
                #expect(try await user.texts(listed + "(created_by => current_user) AS l") == ["c b a"])
                let owner = try await bench.text("SELECT current_user::text AS text") ?? ""
                #expect(try await user.texts(listed + "(created_by => '\(owner)') AS l") == ["-"])
                #expect(try await user.state(of: "SELECT agentctl.list_conversations(after => 'other')") == "AC002")
                #expect(try await user.state(of: "SELECT agentctl.list_conversations(0)") == "AC001")
                #expect(try await bench.reports.conversationReport(ConversationFilter(limit: 9)).count == 4)
            }
        }
    }
}
