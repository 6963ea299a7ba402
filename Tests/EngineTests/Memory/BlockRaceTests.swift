import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Several that edit one block at the same time.
@Suite struct BlockRaceTests {
    private static let conversations = 12

    /// Adds a line of its own by a tool; writes the block anew with what stands in it when it is refused.
    private static func adding(by tool: String) -> MockModel.Script {
        { request in
            let texts = request.words
            guard let own = texts.first?.split(separator: "\n").last else { return .text("?") }
            if texts.last?.contains("The block is now") == true, texts.last?.contains("Nothing was changed") == false {
                return .text("done")
            }
            let shown = texts.last { $0.contains("<memory_block") } ?? ""
            let lines = shown.split(separator: "\n").drop { !$0.contains("<memory_block") }.dropFirst()
                .prefix { !$0.contains("</memory_block>") }
            var arguments: JSONObject = ["label": "project"]
            arguments["new_text"] = .string((tool == "memory_rethink" ? lines + [own] : [own]).joined(separator: "\n"))
            return .toolCalls([
                .init(id: "a\(texts.count)", name: tool, arguments: JSONText(.object(arguments)).string)
            ])
        }
    }

    @Test(arguments: ["memory_insert", "memory_rethink"])
    func twoAgentsThatEditOneBlockLoseNothing(tool: String) async throws {
        try await withBlocks(block: #""value": "begin""#, Self.adding(by: tool)) { bench, model in
            for number in 0..<Self.conversations {
                _ = try await bench.conversations.submit(
                    .message("line \(number)"),
                    to: "c\(number)",
                    agent: number.isMultiple(of: 2) ? "writer" : "reader"
                )
            }
            try await withWorker(bench) { _ in
                try await bench.eventually(
                    "SELECT (count(*) = $1)::text AS text FROM agentctl.turn",
                    [.integer(Int64(Self.conversations))]
                )
            }
            let project = try await bench.project()
            let wanted = Set((0..<Self.conversations).map { "line \($0)" } + ["begin"])
            #expect(Set(project.value.split(separator: "\n").map(String.init)) == wanted)
            // One version for each edit that was made, whatever was refused in between.
            #expect(project.version == Int64(Self.conversations) + 1)
            let statuses = try await bench.texts("SELECT DISTINCT status::text AS text FROM agentctl.turn")
            #expect(statuses == ["succeeded"])
            let made = try await bench.texts(
                "SELECT DISTINCT agent AS text FROM agentctl.memory_block_versions WHERE agent IS NOT NULL ORDER BY 1"
            )
            #expect(made == ["reader", "writer"])
        }
    }

    @Test func whoComesSecondWaitsAndIsRefusedWithWhatStandsThere() async throws {
        try await withBlocks({ _ in .text("ok") }) { bench, _ in
            let state = try await bench.race(
                #"SELECT agentctl.edit_block('project', '{"do": "rethink", "new_text": "first"}', 1)"#,
                against: #"SELECT agentctl.edit_block('project', '{"do": "rethink", "new_text": "second"}', 1)"#
            )
            #expect(state == "AC003")
            #expect(try await bench.project().value == "first")
        }
    }

    @Test func aPersonsEditsHaveAHistoryAndAreTakenBack() async throws {
        try await withBlocks({ _ in .text("ok") }) { bench, _ in
            let definitions = bench.definitions
            _ = try await definitions.editBlock("project", ["do": "replace", "old_text": "ada", "new_text": "bob"])
            _ = try await definitions.editBlock("project", ["do": "rethink", "new_text": "nothing"], version: 2)
            let stale = await #expect(throws: StoreError.self) {
                try await definitions.editBlock("project", ["do": "insert", "new_text": "x"], version: 2)
            }
            #expect(stale?.code == .refused)
            #expect(stale?.message == #"block "project" has been changed: it has version 3 now, not 2"#)
            _ = try await definitions.editBlock("project", ["do": "undo"])
            #expect(try await bench.project() == ("goal: ship\nowner: bob", 4))
            _ = try await definitions.editBlock("project", ["do": "undo", "version": 1])
            #expect(try await bench.project() == ("goal: ship\nowner: ada", 5))
            let history = try await bench.reports.blockVersions(of: "project", conversation: nil, user: nil, limit: 10)
            #expect(history.map { $0["edit"]?.stringValue } == ["undo", "undo", "rethink", "replace", "start"])
            for (label, conversation) in [("projet", nil), ("project", "c")] {
                await #expect(throws: StoreError.self) {
                    try await definitions.editBlock(label, ["do": "undo"], conversation: conversation)
                }
            }
        }
    }

    @Test func onlyTheLastThousandVersionsAreKept() async throws {
        try await withBlocks({ _ in .text("ok") }) { bench, _ in
            try await bench.script(
                """
                SELECT agentctl.edit_block('project', jsonb_build_object('do', 'rethink', 'new_text', i::text))
                FROM generate_series(1, 1005) AS i
                """
            )
            let kept = try await bench.text(
                "SELECT min(version) || '-' || max(version) AS text FROM agentctl.memory_block_version"
            )
            #expect(kept == "7-1006")
        }
    }
}
