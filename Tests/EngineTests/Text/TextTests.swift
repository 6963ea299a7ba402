import JSON
import Postgres
import TestSupport
import Testing

@testable import Definitions
@testable import Engine

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("ABC", "abc", 0), ("calculater", "calculator", 1),
        ("ab", "ba", 1), ("kitten", "sitting", 3), ("ca", "abc", 3), ("größe", "grösse", 2),
    ])
    func distances(first: String, second: String, expected: Int) {
        #expect(editDistance(first, second, limit: 10) == expected)
        #expect(editDistance(second, first, limit: 10) == expected)
        #expect(editDistance(first, second, limit: expected - 1) == nil)
    }

    @Test(
        arguments: [
            ("calculater", "calculator"), ("serach", "search"), ("x", nil), ("completely different", nil),
            ("file-read", "file_read"),
            ("SEARCH", "search"),
        ] as [(String, String?)]
    )
    func nearestNames(name: String, expected: String?) {
        #expect(nearestName(to: name, among: ["search", "calculator", "file_read"]) == expected)
    }

    /// The rule of the program and that of the database, by the same table.
    @Test func theDatabaseHasTheSameRule() async throws {
        let cases: [(name: String, candidates: [String], nearest: String?)] = [
            ("calculater", ["search", "calculator"], "calculator"), ("serach", ["search", "reach"], "search"),
            ("ab", ["ba", "abcde"], "ba"), ("x", ["search"], nil), ("x", ["abc", "y"], "y"),
            ("ca", ["abc", "cad"], "cad"),
            ("SEARCH", ["search"], "search"), ("file-read", ["file_read"], "file_read"), ("kitten", ["sitting"], nil),
            ("kittens", ["sittens", "mittens"], "mittens"), ("aaaa", ["aaac", "aaab"], "aaab"),
            ("", ["ab", "abc"], "ab"),
            ("abcdefghijklmnopqrst", ["bcdefghijklmno", "abcdefghijklmno"], "abcdefghijklmno"),
            ("größe", ["grösse"], "grösse"),
            (String(repeating: "x", count: 80), [String(repeating: "x", count: 70)], String(repeating: "x", count: 70)),
            ("abc", [], nil),
        ]
        try await withBench { bench in
            for (name, candidates, nearest) in cases {
                #expect(nearestName(to: name, among: candidates) == nearest, "\(name)")
                let list = JSONValue.array(candidates.map { .string($0) })
                let found = try await bench.text(
                    """
                    SELECT coalesce(agentctl.nearest($1, ARRAY(SELECT jsonb_array_elements_text($2::jsonb))), '-') AS text
                    """,
                    [.text(name), .json(JSONText(list))]
                )
                #expect(found == nearest ?? "-", "\(name) in SQL")
            }
        }
    }

    @Test func ordersByDistanceThenName() {
        #expect(
            Definitions.nearestNames(to: "aaaa", among: ["aaab", "aaac", "aaaa", "bbbb"], count: 2) == ["aaaa", "aaab"]
        )
        #expect(nearestName(to: "aaaa", among: ["aaac", "aaab"]) == "aaab")
    }

    @Test func longNamesCostNoMoreThanShortOnes() {
        let long = String(repeating: "x", count: 100_000)
        #expect(nearestName(to: long, among: Array(repeating: long, count: 50)) == long)
    }
}

@Suite struct TextBoundsTests {
    @Test(arguments: [
        ("abc", 3, "abc"), ("abc", 2, "ab"), ("abc", 0, ""), ("aä", 2, "a"), ("aä", 3, "aä"), ("😀", 3, ""),
        ("€€", 5, "€"),
        ("abc", -1, ""),
    ])
    func prefixes(text: String, bytes: Int, expected: String) {
        #expect(text.prefix(utf8: bytes) == expected)
    }

    @Test func nullCharacters() {
        #expect("a\u{0}b\u{0}".withoutNullCharacters == "a\u{FFFD}b\u{FFFD}")
        #expect("ab".withoutNullCharacters == "ab")
    }
}
