import Patterns
import Testing

struct PatternTests {
    @Test func theFirstMatchHasItsCapturesAndItsPlaceInBytes() throws {
        let pattern = try Pattern(#"(\w+)@(\w+)(\.de)?"#)
        let match = try pattern.firstMatch(in: "Grüße: ada@example, bob@example.de")
        #expect(match?.captures == ["ada@example", "ada", "example", nil])
        #expect(match?.range == 9..<20)
    }

    @Test func aSearchCanStartLaterAndNeverInsideACharacter() throws {
        let pattern = try Pattern("ü|b")
        #expect(try pattern.firstMatch(in: "übüb", from: 0)?.range == 0..<2)
        #expect(try pattern.firstMatch(in: "übüb", from: 1)?.range == 2..<3)
        #expect(try pattern.firstMatch(in: "übüb", from: 3)?.range == 3..<5)
        #expect(try Pattern(".").firstMatch(in: "übüb", from: 1)?.range == 2..<3)
        #expect(try pattern.firstMatch(in: "übüb", from: 6) == nil)
        #expect(try pattern.firstMatch(in: "übüb", from: 100) == nil)
        #expect(try pattern.firstMatch(in: "übüb", from: -5)?.range == 0..<2)
    }

    @Test func patternsMatchWhatTheyDescribe() throws {
        #expect(try Pattern("^a.c$").matches("abc"))
        #expect(try !Pattern("^a.c$").matches("abbc"))
        #expect(try Pattern("b").matches("abc"))
        #expect(try Pattern("").matches(""))
        #expect(try !Pattern(".").matches(""))
        #expect(try Pattern("^.$").matches("🐲"))
        #expect(try Pattern("e\u{301}").matches("cafe\u{301}"))
    }

    @Test func lettersOfEitherCaseMatchWhenAskedTo() throws {
        #expect(try !Pattern("straße").matches("STRAßE"))
        #expect(try Pattern("straße", options: .caseInsensitive).matches("STRAßE"))
        #expect(try Pattern("^ä$", options: [.caseInsensitive, .ecma]).matches("Ä"))
    }

    @Test func patternsAreEqualWhenSourceAndOptionsAre() throws {
        #expect(try Pattern("a") == Pattern("a"))
        #expect(try Pattern("a") != Pattern("b"))
        #expect(try Pattern("a") != Pattern("a", options: .ecma))
        #expect(try Pattern("é") != Pattern("e\u{301}"))
        #expect(try Set([Pattern("a"), Pattern("a"), Pattern("b")]).count == 2)
    }

    @Test(arguments: [("a(b", 3), ("[a", 2), ("a**", 2), (#"ab\"#, 3), (#"\C"#, 2), ("a{2,1}", 5)]
    )
    func aMalformedPatternIsRefusedWithThePlaceOfTheFault(source: String, offset: Int) {
        let error = #expect(throws: PatternError.self) { try Pattern(source) }
        #expect(error?.code == .syntax)
        #expect(error?.offset == offset)
    }

    @Test func onePatternMayMatchOnManyThreadsAtOnce() async throws {
        let pattern = try Pattern("^(a|b)+-([0-9]+)$")
        let found = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<200 {
                group.addTask { try pattern.firstMatch(in: "abba-\(number)")?.captures[2] }
            }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(found == Set((0..<200).map { String($0) }))
    }
}
