import JSON
import TestSupport
import Testing

struct MemoryCommandTests {
    private func memory(_ arguments: [String], _ url: String) async throws -> AgentctlProcess.Result {
        try await AgentctlProcess(["memory"] + arguments, environment: ["DATABASE_URL": url]).result()
    }

    @Test func aMemoryIsStoredFoundShownChangedAndForgotten() async throws {
        try await withDatabase(template: .seeded) { url in
            let stored = try await agentctl(
                "memory",
                "remember",
                "Ada is allergic to peanuts",
                "--user",
                "ada",
                url: url
            )
            #expect(stored.status == 0 && stored.output == "1\n", "\(stored.errors)")
            let recalled = try await agentctl(
                "memory",
                "recall",
                "peanut allergies",
                "--user",
                "ada",
                "--json",
                url: url
            )
            #expect(try recalled.json.arrayValue?.first?["id"] == 1, "\(recalled.errors)")
            #expect(try recalled.json.arrayValue?.first?["by"] == "words")
            #expect(
                try await agentctl("memory", "recall", "peanut allergies", "--json", url: url).json.arrayValue == []
            )
            let changed = try await agentctl(
                "memory",
                "remember",
                "Ada eats peanuts again",
                "--user",
                "ada",
                "--replaces",
                "1",
                "--json",
                url: url
            )
            #expect(try changed.json["id"] == 1, "\(changed.errors)")
            let history = try await agentctl("memory", "history", "1", "--json", url: url)
            #expect(try history.json.arrayValue?.count == 2)
            #expect(try await agentctl("memory", "show", "1", "--json", url: url).json["version"] == 2)
            #expect(try await agentctl("memory", "list", "--user", "ada", url: url).output.contains("peanuts again"))
            #expect(try await agentctl("memory", "stats", "--json", url: url).json.arrayValue?.first?["memories"] == 1)
            let forgotten = try await agentctl("memory", "forget", "1", "7", url: url)
            #expect(forgotten.status == 4 && forgotten.errors.contains("memory 1 is forgotten"))
            #expect(forgotten.errors.contains("there is no memory 7"))
            #expect(try await agentctl("memory", "show", "1", url: url).status == 4)
            #expect(try await agentctl("memory", "history", "1", url: url).status == 4)
        }
    }

    @Test func memoriesAreExportedImportedAndCleared() async throws {
        try await withDatabase(template: .seeded) { url in
            for content in ["One fact", "Another fact"] {
                _ = try await agentctl("memory", "remember", content, "--metadata", #"{"n": 1}"#, url: url)
            }
            let exported = try await agentctl("memory", "export", url: url)
            #expect(exported.output.split(separator: "\n").count == 2)
            let rehearsed = try await agentctl("memory", "clear", "--dry-run", "--json", url: url)
            #expect(try rehearsed.json["forgotten"] == 2, "\(rehearsed.errors)")
            #expect(try await agentctl("memory", "clear", url: url).status == 2)
            _ = try await agentctl("memory", "forget", "1", url: url)
            let purged = try await agentctl("memory", "purge", "--yes", url: url)
            #expect(purged.status == 0, "\(purged.errors)")
            try await withFiles(["m.jsonl": exported.output, "bad.jsonl": "{\n", "empty.jsonl": #"{"content": ""}"#]) {
                directory in
                let imported = try await agentctl("memory", "import", "m.jsonl", "--json", url: url, in: directory)
                #expect(try imported.json == ["imported": 1, "forgotten": 1], "\(imported.errors)")
                let bad = try await agentctl("memory", "import", "bad.jsonl", url: url, in: directory)
                #expect(bad.status == 3 && bad.errors.contains("bad.jsonl:1"))
                #expect(try await agentctl("memory", "import", "empty.jsonl", url: url, in: directory).status == 3)
            }
        }
    }

    @Test func aLabelledSetIsMeasured() async throws {
        try await withDatabase(template: .seeded) { url in
            let set = """
                {"memories": [{"id": "a", "text": "The cat is called Miso"}, {"id": "b", "text": "Deploys are on Tuesdays"}],
                 "queries": [{"text": "name of the cat", "answers": ["a"]}, {"text": "tower", "answers": []}]}
                """
            try await withFiles(["set.json": set, "bad.json": "{}"]) { directory in
                let result = try await agentctl("memory", "evaluate", "set.json", url: url, in: directory)
                #expect(result.output.contains("hits at 5: 1 of 1 (100.0%)"), "\(result.errors)")
                #expect(try await agentctl("memory", "evaluate", "bad.json", url: url, in: directory).status == 3)
            }
        }
    }

    @Test func whatIsNotGivenRightIsRefused() async throws {
        try await withDatabase(template: .seeded) { url in
            for arguments in [
                ["remember", ""], ["remember", "x", "--importance", "2"], ["remember", "x", "--for", "user"],
            ] {
                #expect(try await memory(arguments, url).status == 3, "\(arguments)")
            }
            for arguments in [
                ["remember", "x", "--metadata", "1"], ["remember", "x", "--user", "a", "--conversation", "c"],
                ["recall", "x", "-k", "0"],
            ] {
                #expect(try await memory(arguments, url).status == 2, "\(arguments)")
            }
            let unknown = try await agentctl("memory", "recall", "x", "--conversation", "none", url: url)
            #expect(unknown.status == 4)
        }
    }

    @Test func sendNamesTheUser() async throws {
        try await withDatabase(template: .seeded) { url in
            let sent = try await agentctl("send", "-c", "7", "--user", "ada", "What is 1 + 1?", url: url)
            #expect(sent.status == 0, "\(sent.errors)")
            let other = try await agentctl("send", "-c", "7", "--user", "bob", "What is 1 + 1?", url: url)
            #expect(other.status == 3 && other.errors.contains("for another user"), "\(other.errors)")
            let kept = try await agentctl("memory", "remember", "Likes tea", "--conversation", "7", url: url)
            #expect(kept.status == 0, "\(kept.errors)")
            let list = try await agentctl("memory", "list", "--json", url: url)
            #expect(try list.json.arrayValue?.first?["user_id"] == "ada")
        }
    }

    @Test(arguments: [
        (#"{"content": "x", "conversation_id": "7"}"#, #"memory 2 of the list: it is of conversation "7" alone"#),
        (#"{"content": 3}"#, "memory 2 of the list: content is not string"),
        (#"{"content": "x", "importance": "high"}"#, "memory 2 of the list: importance is not number"),
        (#"{"content": "x", "expires_at": "soon"}"#, "memory 2 of the list: "), ("7", "it is no object"),
    ])
    func whatCannotBeImportedIsNamed(line: String, problem: String) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["m.jsonl": #"{"content": "fine"}"# + "\n\(line)\n"]) { directory in
                let imported = try await agentctl("memory", "import", "m.jsonl", url: url, in: directory)
                #expect(imported.status == 3 && imported.errors.contains(problem), "\(imported.errors)")
            }
        }
    }

    @Test func aUsersBlockIsSeenBeforeItIsEdited() async throws {
        try await withDatabase(template: .seeded) { url in
            let human = #"{"kind": "block", "name": "human", "value": "unknown", "per": "user"}"#
            try await withFiles(["b.json": human, "bad.txt": "x"]) { directory in
                let stored = try await agentctl("register", "b.json", url: url, in: directory)
                #expect(stored.status == 0, "\(stored.errors)")
                let shown = try await agentctl("blocks", "show", "human", "--user", "ada", url: url)
                #expect(shown.output == "unknown\n", "\(shown.errors)")
                let unnamed = try await agentctl("blocks", "show", "human", url: url)
                #expect(unnamed.status == 3 && unnamed.errors.contains("--user ID"), "\(unnamed.errors)")
                let undone = try await agentctl("blocks", "undo", "human", "--user", "ada", url: url)
                #expect(undone.errors.contains("there is nothing to undo"), "\(undone.errors)")
                _ = try await agentctl("blocks", "edit", "human", "--user", "ada", "--add", "likes tea", url: url)
                let erased = try await agentctl("users", "erase", "ada", "--dry-run", url: url)
                #expect(erased.output == "would delete 1 memory block\n", "\(erased.output)\(erased.errors)")
                #expect(try await agentctl("users", "export", "nobody", url: url).status == 4)
                #expect(try await memory(["recall", "x", "--minimum-relevance", "9"], url).status == 2)
            }
        }
    }
}
