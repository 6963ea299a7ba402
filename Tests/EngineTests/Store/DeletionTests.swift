import Conversation
import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// What a deleted conversation leaves behind: nothing.
@Suite struct DeletionTests {
    /// The tables that have rows of a conversation, by the name of their column, with how many.
    private static let remains: PostgresStatement = """
        SELECT coalesce(string_agg(format('%s %s', t.name, t.found), ', ' ORDER BY t.name), 'nothing') AS text
        FROM (
            SELECT c.table_name AS name, (xpath('/row/n/text()', query_to_xml(format(
                'SELECT count(*) AS n FROM agentctl.%I WHERE %I = %L', c.table_name, c.column_name, $1::text),
                true, true, '')))[1]::text::bigint AS found
            FROM information_schema.columns AS c
            JOIN pg_class AS t ON t.relname = c.table_name AND t.relnamespace = 'agentctl'::regnamespace
                AND t.relkind IN ('r', 'p') AND NOT t.relispartition
            WHERE c.table_schema = 'agentctl' AND (c.table_name = 'conversation' AND c.column_name IN ('id', 'forked_from')
                OR c.column_name IN ('conversation_id', 'parent_conversation_id', 'root_conversation_id'))
        ) AS t WHERE t.found > 0
        """

    private func remains(of conversation: String, _ bench: Bench) async throws -> String? {
        try await bench.text(Self.remains, [.text(conversation)])
    }

    @Test func nothingStaysAndTheIdBeginsFromNothing() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let client = bench.client()
            _ = try await client.send(.message("What is 6*7?"), to: "c", idempotencyKey: "k") { _ in }
            _ = try await bench.conversations.fork("c", to: "fork", message: nil, agent: nil)
            #expect(try await remains(of: "c", bench) != "nothing")
            let deleted = try await bench.conversations.delete("c")
            #expect(deleted["messages"] == 4 && deleted["turns"] == 1 && deleted["conversations"] == 1)
            #expect(try await remains(of: "c", bench) == "nothing")
            let fork = try await bench.text(
                "SELECT count(*)::text AS text FROM agentctl.message WHERE conversation_id = 'fork'"
            )
            #expect(fork == "4")

            // Another message under the same key: no number, reply or key of the old one is known.
            #expect(try await bench.conversations.submit(.message("hello"), to: "c", idempotencyKey: "k") == 1)
            #expect(try await bench.text("SELECT coalesce(agentctl.reply('c', 1), 'none') AS text") == "none")
            let next = try await client.send(.message("What is 1+1?"), to: "c") { _ in }
            #expect(next.seq == 2 && next.reply == "It is 2.")
            let numbers = try await bench.text(
                "SELECT string_agg(number::text, ' ' ORDER BY number) AS text FROM agentctl.events('c')"
            )
            #expect(numbers?.hasPrefix("1 2 3 ") == true)
        }
    }

    @Test(arguments: ["conversation WHERE id", "conversation_control WHERE conversation_id"])
    func aPlainDeleteIsRefusedAndNamesTheFunction(_ rows: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(PostgresStatement("DELETE FROM agentctl.\(rows) = 'c'"))
            }
            #expect(error?.sqlState == "AC003" && error?.hint?.contains("agentctl.delete_conversation('c')") == true)
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "Hello.")
        }
    }

    @Test func aRunningTurnIsNotDeletedAndOneOfALostWorkerIs() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.delete("c") }
            #expect(error?.code == .refused && error?.hint?.contains("interrupt") == true)
            _ = try await bench.client.query(
                "UPDATE agentctl.worker SET state = 'lost', stopped_at = now() WHERE id = $1",
                [.integer(worker)]
            )
            _ = try await bench.conversations.delete("c")
            // The worker comes back: it writes nothing, to nobody's conversation.
            _ = try await bench.conversations.submit(.message("another's"), to: "c")
            let stored = try await bench.work.finish(
                bench.record(for: claim, reply: "late"),
                of: claim,
                worker: worker,
                claiming: 0
            ).stored
            #expect(!stored)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.message") == "0")
        }
    }

    @Test func theConversationsOfTasksGoWithTheirParentAndNotWithoutIt() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    TaskScript.delegation
                )
            }
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.delete("p~1.1") }
            #expect(error?.code == .refused && error?.message.contains("part of \"p\"") == true)
            let deleted = try await bench.conversations.delete("p")
            #expect(deleted["conversations"] == 2 && deleted["tasks"] == 1)
            for id in ["p", "p~1.1"] { #expect(try await remains(of: id, bench) == "nothing") }
        }
    }

    @Test func whatDependsOnADeletedTaskIsGivenUp() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query("SELECT agentctl.submit_task('first', agent => 'assistant')")
            _ = try await bench.client.query(
                "SELECT agentctl.submit_task('second', agent => 'assistant', depends_on => ARRAY[1])"
            )
            _ = try await bench.conversations.delete("task:1")
            let states = try await bench.texts(
                "SELECT format('%s %s', id, state) AS text FROM agentctl.task ORDER BY id"
            )
            #expect(states == ["2 dead"])
        }
    }

    @Test func aUsersDataGoAndThoseOfOthersStay() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let names = (0..<2).map { _ in "user_\(UInt32.random(in: 0..<UInt32.max))" }
            for name in names {
                try await bench.client.withConnection { connection in
                    try await connection.executeScript(
                        """
                        CREATE ROLE \(name) LOGIN IN ROLE agentctl_client;
                        SET ROLE \(name);
                        SELECT agentctl.submit('of \(name)', 'hello');
                        SELECT agentctl.submit_task('mine', agent => 'assistant');
                        RESET ROLE;
                        """
                    )
                }
            }
            // Each sees and deletes its own.
            try await bench.client.withConnection { connection in
                try await connection.executeScript("SET ROLE \(names[0])")
                for (statement, state): (String, String?) in [
                    ("SELECT agentctl.delete_conversation('of \(names[1])')", "AC002"),
                    ("SELECT agentctl.delete_user('\(names[1])')", "42501"),
                    ("SELECT agentctl.prune('1 day')", "42501"),
                    ("SELECT agentctl.delete_conversation('of \(names[0])')", nil),
                ] {
                    let found: String?
                    do throws(PostgresError) {
                        _ = try await connection.query(PostgresStatement(statement))
                        found = nil
                    } catch {
                        found = error.sqlState
                    }
                    #expect(found == state, "\(statement)")
                }
                try await connection.executeScript("RESET ROLE")
            }
            // It has said and decided something in the other's conversation.
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    INSERT INTO agentctl.approval (conversation_id, seq, call_number, tool, arguments, state, decided_at,
                        decided_by)
                    SELECT v.id, 1, n.number, 't', '{}', 'approved', clock_timestamp(), n.name
                    FROM (SELECT min(id) AS id FROM agentctl.conversation WHERE created_by = '\(names[1])') AS v,
                        unnest('{\(names.joined(separator: ","))}'::text[]) WITH ORDINALITY AS n (name, number);
                    INSERT INTO agentctl.submission (conversation_id, seq, body, created_by)
                    SELECT v.id, 99, '{"message": "x"}', '\(names[0])' FROM agentctl.conversation AS v
                    WHERE v.created_by = '\(names[1])' LIMIT 1;
                    """
                )
            }
            let deletion: PostgresStatement = """
                SELECT concat_ws(' ', d ->> 'conversations', d ->> 'tasks', d ->> 'names', d ->> 'accounts') AS text
                FROM agentctl.delete_user($1, $2) AS d
                """
            for isRehearsal in [true, true, false] {
                let deleted = try await bench.text(deletion, [.text(names[0]), .bool(isRehearsal)])
                #expect(deleted == "1 1 2 1")
            }
            #expect(
                try await bench.texts("SELECT decided_by AS text FROM agentctl.approval ORDER BY 1")
                    == ["deleted user", names[1]]
            )
            #expect(
                try await bench.texts(
                    "SELECT DISTINCT created_by AS text FROM agentctl.submission ORDER BY 1"
                ) == ["deleted user", names[1]]
            )
            let accounts = try await bench.texts("SELECT name AS text FROM agentctl.account")
            #expect(!accounts.contains(names[0]) && accounts.contains(names[1]))
            let left = try await bench.texts(
                "SELECT DISTINCT created_by AS text FROM agentctl.conversation UNION SELECT created_by FROM agentctl.task"
            )
            #expect(left == [names[1]])
            for name in names {
                try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
            }
        }
    }

    @Test func whatIsSubmittedWhileTheIdIsDeletedBeginsANewConversation() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            let seq = try await bench.client.withConnection { connection in
                try await connection.executeScript("BEGIN; SELECT agentctl.delete_conversation('c')")
                async let submitted = bench.conversations.submit(.message("new"), to: "c")
                try await bench.untilOneIsBlocked()
                try await connection.executeScript("COMMIT")
                return try await submitted
            }
            #expect(seq == 1)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "1")
        }
    }
}
