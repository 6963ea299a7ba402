import Glibc
import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// How well the labelled set is searched: seven languages; exact, words, forms, meaning, across languages, typing
/// errors, and questions without an answer.
@Suite struct MemoryQualityTests {
    private static let file = "\(#filePath)".replacing(
        "EngineTests/Memory/MemoryQualityTests.swift",
        with: "Fixtures/memory/labelled.json"
    )

    private func labelled() throws -> String {
        let descriptor = open(Self.file, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &bytes, bytes.count)
        return try #require(String(validating: bytes[..<max(0, count)], as: UTF8.self))
    }

    @Test func wordsAloneFindWhatTheyCan() async throws {
        let labelled = try labelled()
        try await withBench { bench in
            let text = try await bench.text(
                "SELECT agentctl.evaluate_memories($1::jsonb)::text AS text",
                [.text(labelled)]
            )
            let result = try JSONValue(parsing: text ?? "")
            #expect(result["answerable"] == 85 && result["unanswerable"] == 8)
            #expect(result["hit_rate"]?.numberValue ?? 0 >= 0.62, "\(result)")
            #expect(result["unanswerable_found"] == 0)
            for category in ["exact", "words", "forms", "cjk"] {
                let counts = result["categories"]?[category]
                #expect(counts?["hits"] == counts?["queries"], "\(category)")
            }
            // Nothing of it stays.
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.memory_scope") == "0")
        }
    }

    @Test(arguments: ["{}", #"{"memories": [], "queries": []}"#, #"{"memories": [{}], "queries": [{"text": "x"}]}"#])
    func whatIsNoLabelledSetIsRefused(document: String) async throws {
        try await withBench { bench in
            let state = try await bench.sqlState(of: "SELECT agentctl.evaluate_memories('\(document)')")
            #expect(state == "AC001")
        }
    }
}
