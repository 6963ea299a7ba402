import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What is deleted in one session while another one uses it.
@Suite struct DeletionRaceTests {
    /// What copies a run of a chain in conversation `c`.
    static let copies = [
        "SELECT agentctl.fork('c', 'copy')",
        "SELECT agentctl.rerun_chain('c', 1, 'second', new_conversation => 'copy')",
    ]

    private func withRun(_ body: (Bench) async throws -> Void) async throws {
        try await Bench.withChains(ChainDocuments.sequence) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "sequence") { _ in }
            try await body(bench)
        }
    }

    private func conversations(_ bench: Bench) async throws -> [String] {
        try await bench.texts("SELECT concat_ws(' ', id, forked_from) AS text FROM agentctl.conversation ORDER BY id")
    }

    @Test(arguments: copies) func nothingIsCopiedOfWhatIsDeletedMeanwhile(copy: String) async throws {
        try await withRun { bench in
            let state = try await bench.race("SELECT agentctl.delete_conversation('c')", against: copy)
            #expect(state == "AC002")
            #expect(try await conversations(bench) == [])
        }
    }

    @Test(arguments: copies) func aCopyStandsAloneWhoseSourceIsDeletedMeanwhile(copy: String) async throws {
        try await withRun { bench in
            #expect(try await bench.race(copy, against: "SELECT agentctl.delete_conversation('c')") == nil)
            #expect(try await conversations(bench) == ["copy"])
            let said = try await bench.client().send(.message("dogs"), to: "copy") { _ in }
            #expect(said.reply == "did: 3 did: dogs / did: 2 did: dogs")
            let unfinished = "SELECT count(*)::text AS text FROM agentctl.conversation_control WHERE state <> 'idle'"
            #expect(try await bench.text(PostgresStatement(unfinished)) == "0")
        }
    }

    /// Each export is stopped at a table that the deletion has no use for.
    @Test func anExportIsWholeWhoseConversationIsDeletedMeanwhile() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 6 * 7?"), to: "c") { _ in }
            let document = try await bench.client.withConnection { holder in
                try await holder.executeScript("BEGIN; LOCK TABLE agentctl.definition IN ACCESS EXCLUSIVE MODE")
                async let exported = bench.text("SELECT agentctl.export_conversation('c')::text AS text")
                try await bench.untilOneIsBlocked()
                #expect(try await bench.state(of: "SELECT agentctl.delete_conversation('c')") == nil)
                try await holder.executeScript("COMMIT")
                return try await exported
            }
            _ = try await bench.client.query(
                "SELECT agentctl.import_conversation($1::jsonb)",
                [.text(try #require(document))]
            )
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "It is 42.")
        }
    }

    @Test func anExportCanBeImportedWhoseMonthIsDroppedMeanwhile() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 6 * 7?"), to: "c") { _ in }
            try await bench.age(days: 200)
            let document = try await bench.client.withConnection { holder in
                // The export has read turns, and not yet events.
                try await holder.executeScript("BEGIN; LOCK TABLE agentctl.approval IN ACCESS EXCLUSIVE MODE")
                async let exported = bench.text("SELECT agentctl.export_conversation('c')::text AS text")
                try await bench.untilOneIsBlocked()
                #expect(try await bench.state(of: "SELECT agentctl.prune_records('90 days')") == nil)
                try await holder.executeScript("COMMIT")
                return try await exported
            }
            let parts = try JSONValue(parsing: try #require(document))
            #expect(parts["messages"]?.arrayValue?.count == 4 && parts["submissions"]?.arrayValue?.count == 1)
            let problems = try await bench.texts(
                "SELECT p::text AS text FROM agentctl.conversation_document_problems($1::jsonb) AS p",
                [.text(try #require(document))]
            )
            #expect(problems == [])
        }
    }

    // MARK: Users

    /// Has a user do something between the moment in which all that the user began was found, and the commit of its deletion.
    private func whileDeleting(_ ada: RoleUser, _ bench: Bench, _ statements: [String]) async throws {
        try await bench.client.withConnection { holder in
            try await holder.executeScript("BEGIN; LOCK TABLE agentctl.function_queue IN ACCESS EXCLUSIVE MODE")
            async let deleted = bench.state(of: "SELECT agentctl.delete_user('\(ada.name)')")
            try await bench.untilOneIsBlocked()
            for statement in statements { #expect(try await ada.state(of: statement) == nil, "\(statement)") }
            try await holder.executeScript("COMMIT")
            #expect(try await deleted == nil)
        }
    }

    @Test func whatAUserBeginsWhileTheUserIsDeletedIsDone() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                _ = try await ada.texts("SELECT agentctl.submit('old', 'hello')::text AS text")
                _ = try await ada.texts("SELECT agentctl.submit_task('old', agent => 'assistant')::text AS text")
                let plan =
                    #"SELECT agentctl.store_plan('new', '[{"tool": "calculator", "arguments": {"expression": "1"}, "description": "x"}]')"#
                try await whileDeleting(
                    ada,
                    bench,
                    [
                        "SELECT agentctl.submit('new', 'What is 6 * 7?')",
                        "SELECT agentctl.submit_task('What is 6 * 7?', agent => 'assistant')", plan,
                    ]
                )
                let ids = try await bench.texts("SELECT id AS text FROM agentctl.conversation ORDER BY id")
                #expect(ids == ["task:2", "\(ada.name)/new"])
                try await bench.working {
                    try await bench.eventually(
                        "SELECT (count(*) = 2)::text AS text FROM agentctl.turn WHERE status = 'succeeded'"
                    )
                }
                #expect(try await ada.texts("SELECT agentctl.reply('new', 1) AS text") == ["It is 42."])
                #expect(try await ada.texts("SELECT agentctl.task_result(2) AS text") == ["It is 42."])
                #expect(try await bench.texts("SELECT task AS text FROM agentctl.plan") == ["new"])
            }
        }
    }

    @Test func aMessageThatWaitedForTheDeletionOfItsUserBeginsAnew() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                _ = try await ada.texts("SELECT agentctl.submit('c', 'hello')::text AS text")
                let seq = try await bench.client.withConnection { holder in
                    try await holder.executeScript("BEGIN; SELECT agentctl.delete_user('\(ada.name)')")
                    async let seq = ada.texts("SELECT agentctl.submit('c', 'What is 6 * 7?')::text AS text")
                    try await bench.untilOneIsBlocked()
                    try await holder.executeScript("COMMIT")
                    return try await seq
                }
                #expect(seq == ["1"])
                _ = try await bench.process()
                #expect(try await ada.texts("SELECT agentctl.reply('c', 1) AS text") == ["It is 42."])
            }
        }
    }

    @Test func aUserWhoseTurnIsClaimedMeanwhileIsNotDeleted() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                for id in ["a", "b"] { _ = try await ada.texts("SELECT agentctl.submit('\(id)', 'x')::text AS text") }
                let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
                let delete = "SELECT agentctl.delete_user('\(ada.name)')"
                let claim = "SELECT agentctl.claim(\(worker), 1)"
                #expect(try await bench.race(claim, against: delete) == "AC003")
                #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.submission") == "2")
                // The other way round: what is being deleted is not claimed.
                _ = try await bench.client.query("UPDATE agentctl.worker SET state = 'lost', stopped_at = now()")
                _ = try await bench.work.reap()
                let claimed = try await bench.client.withConnection { holder in
                    try await holder.executeScript("BEGIN; \(delete)")
                    let claimed = try await bench.claim().claim
                    try await holder.executeScript("COMMIT")
                    return claimed
                }
                #expect(claimed == nil)
                #expect(try await bench.claim().claim == nil)
            }
        }
    }

    /// Each has a fork of what the other has.
    @Test func usersWhoHaveForksOfEachOthersAreDeletedAtOnce() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.withUser(in: "agentctl_client") { eve in
                    for user in [ada, eve] {
                        for id in ["v", "w"] {
                            _ = try await user.texts("SELECT agentctl.submit('\(id)', 'x')::text AS text")
                        }
                    }
                    try await bench.script(
                        """
                        UPDATE agentctl.conversation SET forked_from = '\(ada.name)/v' WHERE id = '\(eve.name)/v';
                        UPDATE agentctl.conversation SET forked_from = '\(eve.name)/w' WHERE id = '\(ada.name)/w';
                        """
                    )
                    let states = try await bench.client.withConnection { holder in
                        // Both have seen to the forks before either deletes what it has.
                        try await holder.executeScript("BEGIN; LOCK TABLE agentctl.delta IN SHARE MODE")
                        async let first = bench.state(of: "SELECT agentctl.delete_user('\(ada.name)')")
                        async let second = bench.state(of: "SELECT agentctl.delete_user('\(eve.name)')")
                        try await bench.untilBlocked(2)
                        try await holder.executeScript("COMMIT")
                        return try await [first, second]
                    }
                    #expect(states == [nil, nil])
                    #expect(try await conversations(bench) == [])
                }
            }
        }
    }

    @Test func aTaskDoesNotWaitForOneThatIsDeletedMeanwhile() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query("SELECT agentctl.submit_task('first', agent => 'assistant')")
            let state = try await bench.race(
                "SELECT agentctl.delete_conversation('task:1')",
                against: "SELECT agentctl.submit_task('second', agent => 'assistant', depends_on => ARRAY[1])"
            )
            #expect(state == "AC002")
        }
    }

    // MARK: Retention

    @Test func whatIsSubmittedWhileOldConversationsArePrunedIsAnswered() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("hello"), to: "c") { _ in }
            try await bench.age(days: 200)
            // It is in use, and nobody waits for anybody.
            try await bench.client.withConnection { client in
                try await client.executeScript("BEGIN; SELECT agentctl.submit('c', 'What is 6 * 7?')")
                #expect(try await bench.state(of: "SELECT agentctl.prune_conversations('90 days')") == nil)
                try await client.executeScript("COMMIT")
            }
            _ = try await bench.process()
            #expect(try await bench.text("SELECT agentctl.reply('c', 2) AS text") == "It is 42.")
            // The other way round it is gone.
            try await bench.age(days: 200)
            let prune = "SELECT agentctl.prune_conversations('90 days')"
            #expect(try await bench.race(prune, against: "SELECT agentctl.submit('c', 'What is 1 + 1?')") == nil)
            _ = try await bench.process()
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "It is 2.")
        }
    }

    @Test func aTurnThatWaitsLongerThanAnythingIsKeptGoesOnWithAllThatItHas() async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: false)) { bench in
            let waiting = try await bench.client().send(.message("cats"), to: "c", agent: "gate") { _ in }
            #expect(waiting.status == .waiting)
            try await bench.age(days: 200)
            _ = try await bench.client.query("SELECT agentctl.prune('90 days')")
            let visits = try await bench.visits("c")
            #expect(visits == ["draft#1 succeeded", "side#1 succeeded"])
            _ = try await bench.client.query("SELECT agentctl.approve(id) FROM agentctl.pending_approvals")
            let summary = try await bench.client().wait(for: 1, of: "c", after: 0) { _ in }
            #expect(summary.reply == "did: publish did: cats")
            let turns = try await bench.texts(
                "SELECT concat_ws(' ', conversation_id, status) AS text FROM agentctl.turn ORDER BY conversation_id"
            )
            #expect(turns == ["c succeeded", "c~1.1 succeeded", "c~1.2 succeeded", "c~1.3 succeeded"])
        }
    }
}
