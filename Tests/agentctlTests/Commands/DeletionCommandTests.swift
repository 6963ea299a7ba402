import JSON
import TestSupport
import Testing

/// Deletes and prunes as a user does.
struct DeletionCommandTests {
    @Test func conversationsAreDeletedEachByItself() async throws {
        try await withDatabase(template: .seeded) { url in
            for id in ["a", "b"] { #expect(try await agentctl("send", "-c", id, "What is 1+1?", url: url).status == 0) }
            let removed = try await agentctl("conversations", "rm", "a", "none", "b", "--yes", "--json", url: url)
            #expect(removed.status == 4 && removed.errors.contains("there is no conversation"))
            let rows = try removed.jsonLines
            #expect(rows.map { $0["conversation_id"] } == ["a", "b"])
            #expect(rows.map { $0["deleted"]?["messages"] } == [4, 4])
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.message") == "0")
            let trace = try await agentctl("trace", "a/1", url: url)
            #expect(trace.status == 4)
            #expect(try await agentctl("send", "-c", "a", "What is 2+2?", url: url).output == "It is 4.\n")
            #expect(try await psql(url, "SELECT max(seq) FROM agentctl.turn WHERE conversation_id = 'a'") == "1")
            // Nobody is there to ask, and what is deleted does not come back.
            let unasked = [
                try await agentctl("conversations", "rm", "a", url: url, input: "y\n"),
                try await agentctl("prune", "--older-than", "1d", url: url, input: "y\n"),
            ]
            for refused in unasked { #expect(refused.status == 2 && refused.errors.contains("--yes"), "\(refused)") }
            #expect(try await psql(url, "SELECT id FROM agentctl.conversation") == "a")
            let told = try await agentctl("conversations", "rm", "a", "--yes", url: url)
            #expect(told.status == 0 && told.errors.contains("conversation a is deleted: 1 conversation"))
        }
    }

    @Test func aUserIsDeletedAfterARehearsal() async throws {
        try await withDatabase(template: .seeded) { url in
            let user = "user_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(user) LOGIN IN ROLE agentctl_client")
            _ = try await psql(url, "SET ROLE \(user); SELECT agentctl.submit('c', 'hello')")
            let rehearsal = try await agentctl("users", "rm", user, "--dry-run", url: url)
            #expect(rehearsal.output.hasPrefix("would delete 1 account, 1 conversation, 1 submission"), "\(rehearsal)")
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.conversation") == "1")
            #expect(try await agentctl("users", "rm", user, url: url).status == 2)
            let deleted = try await agentctl("users", "rm", user, "--yes", "--json", url: url)
            #expect(deleted.status == 0 && deleted.errors == "")
            let report = try deleted.json
            #expect(report["deleted"]?["conversations"] == 1 && report["dry_run"] == false && report["unnamed"] == 0)
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.conversation") == "0")
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.account WHERE name = '\(user)'") == "0")
            let again = try await agentctl("users", "rm", user, "--yes", url: url)
            #expect(again.status == 4 && again.errors.contains(#"there is no user "\#(user)""#))
            _ = try await psql(url, "DROP ROLE \(user)")
        }
    }

    @Test func whatIsOldIsShownAndThenDeleted() async throws {
        try await withDatabase(template: .seeded) { url in
            for id in ["new", "old"] { #expect(try await agentctl("send", "-c", id, "hello", url: url).status == 0) }
            _ = try await psql(
                url,
                """
                SELECT agentctl.create_partitions_of('event', ARRAY[now() - interval '200 days']);
                UPDATE agentctl.conversation SET created_at = created_at - interval '200 days' WHERE id = 'old';
                UPDATE agentctl.submission SET created_at = created_at - interval '200 days' WHERE conversation_id = 'old';
                UPDATE agentctl.event SET at = at - interval '200 days' WHERE conversation_id = 'old'
                """
            )
            let shown = try await agentctl("prune", "--older-than", "90d", "--dry-run", url: url)
            #expect(shown.status == 0 && shown.output.hasPrefix("would delete 1 conversation"), "\(shown)")
            #expect(shown.output.contains("would drop event_"))
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.conversation") == "2")
            let pruned = try await agentctl("prune", "--older-than", "90d", "--yes", "--json", url: url)
            let report = try pruned.json
            #expect(pruned.status == 0 && report["deleted"]?["conversations"] == 1 && report["dry_run"] == false)
            #expect(report["dropped"]?.arrayValue?.count == 1 && report["kept"] == [])
            #expect(try await psql(url, "SELECT id FROM agentctl.conversation") == "new")
            for wrong in ["soon", "0d", "-1d"] {
                #expect(try await agentctl("prune", "--older-than", wrong, url: url).status == 2)
            }
        }
    }
}
