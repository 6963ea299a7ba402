import Testing

@testable import Orchestration

/// Where a task is cut into clauses.
struct ClauseReaderTests {
    private static let known: Set<String> = [
        "read config", "run tests", "list files", "bread and butter", "search, then rest", "a", "b", "c",
        "list files in .", "list files in ..", "list files in src/..",
    ]

    /// The clauses, those after everything before them with an arrow.
    private func cut(_ text: String) throws -> String? {
        try ClauseReader(text).clauses { Self.known.contains($0.lowercased()) }
            .map { $0.map { ($0.isAfterwards ? "→ " : "") + $0.text }.joined(separator: " | ") }
    }

    @Test(arguments: [
        ("Read config", "Read config"),
        ("Read config and run tests", "Read config | run tests"),
        ("Read config then run tests", "Read config | → run tests"),
        ("Read config and then run tests", "Read config | → run tests"),
        ("Read config, run tests", "Read config | run tests"),
        ("Read config; run tests", "Read config | run tests"),
        ("Read config, and then run tests.", "Read config | → run tests"),
        ("Read config; then, run tests!", "Read config | → run tests"),
        ("read config THEN run tests AND list files", "read config | → run tests | list files"),
        ("  read config ,\n and   run tests ", "read config | run tests"),
        ("then read config", "read config"), ("and read config and", "read config"),
        ("a then b then c", "a | → b | → c"), ("a, b then c", "a | b | → c"),
        ("bread and butter and run tests", "bread and butter | run tests"),
        ("List files in .", "List files in ."),
        ("List files in .., then read config.", "List files in .. | → read config"),
        ("List files in src/..!", "List files in src/.."), ("Read config...", "Read config"),
        ("search, then rest then a", "search, then rest | → a"),
    ])
    func aTextIsCutIntoTheFewestClausesThatMeanSomething(_ text: String, _ clauses: String) throws {
        #expect(try cut(text) == clauses)
    }

    @Test(arguments: ["paint the house", "read config and paint the house", "a,b", "a;b", "readconfig"])
    func aTextWithAPartThatMeansNothingIsNotCut(_ text: String) throws {
        #expect(try cut(text) == nil)
    }

    @Test(arguments: ["", "  \n ", "and", "then ; ,"])
    func aTextThatSaysNothingIsNoTask(_ text: String) {
        let error = #expect(throws: PlanningError.self) { try ClauseReader(text) }
        #expect(error?.code == .noPlan)
    }

    @Test func asManyClausesAsAPlanCanHaveAreCutAndMoreAreRefusedAtOnce() throws {
        let most = Array(repeating: "a", count: ClauseReader.maximumPieces)
        let clauses = try ClauseReader(most.joined(separator: " and ")).clauses { $0 == "a" }
        #expect(clauses?.count == ClauseReader.maximumPieces)
        for (text, part) in [
            (Array(repeating: "a", count: 10_000).joined(separator: " and "), "10000 clauses"),
            (String(repeating: "a ", count: 40_000), "65536 bytes"),
        ] {
            let error = #expect(throws: PlanningError.self) { try ClauseReader(text) }
            #expect(error?.code == .tooLarge && error?.message.contains(part) == true)
        }
    }

    @Test func eachPartIsAskedAboutOnceAtMost() throws {
        var asked: [String: Int] = [:]
        let text = Array(repeating: "x", count: 20).enumerated().map { "\($1)\($0)" }.joined(separator: ", ")
        let clauses = try ClauseReader(text).clauses { clause in
            asked[clause, default: 0] += 1
            return clause.hasPrefix("x") && !clause.contains(",")
        }
        #expect(clauses?.count == 20 && asked.values.allSatisfy { $0 == 1 })
    }
}
