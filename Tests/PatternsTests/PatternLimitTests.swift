import Patterns
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PatternLimitTests {
    static let runaways: [(pattern: String, text: String, cost: String)] = [
        ("^(a+)+$", String(repeating: "a", count: 30) + "!", "too many steps"),
        ("^(a|a)*$", String(repeating: "a", count: 40) + "!", "too many steps"),
        ("^(a|aa)+[bc]", String(repeating: "a", count: 60), "too many steps"),
        ("(a{0,40}){0,40}[bc]", String(repeating: "a", count: 30), "too many steps"),
        (#"^(\w+\s?)*$"#, String(repeating: "word ", count: 12) + "!", "too many steps"),
        // One step of the first moves over the whole text; the second starts anew at each place.
        (#"^a*?(?=(a*))\1[bc]"#, String(repeating: "a", count: 200_000), "too many steps"),
        ("(?:a|b)*[cd]", String(repeating: "a", count: 20_000), "too many steps"),
        // The failing item reads all but one of the characters it needs.
        ("a{50000}", String(repeating: String(repeating: "a", count: 49_999) + "b", count: 10), "too long"),
        // Many places to come back to, and few with many groups each.
        ("^(?:a|b)*$", String(repeating: "ab", count: 1_000_000) + "!", "too much memory"),
        (
            "^(?:\(String(repeating: "()", count: 100))(a|b))*$", String(repeating: "a", count: 50_000),
            "too much memory"
        ),
    ]

    @Test(arguments: runaways, [Pattern.Options(), .ecma])
    func aMatchThatRunsAwayIsGivenUp(_ example: (pattern: String, text: String, cost: String), options: Pattern.Options)
        throws
    {
        let pattern = try Pattern(example.pattern, options: options)
        let error = #expect(throws: PatternError.self) { try pattern.matches(example.text) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.description == "the pattern takes \(example.cost) on this text")
    }

    @Test func honestSearchesInLongTextsGoThrough() throws {
        let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 20_000) + "ada@example.org"
        #expect(try Pattern(#"[\w.]+@[\w.]+\.org"#).firstMatch(in: text)?.captures == ["ada@example.org"])
        #expect(try !Pattern(#"(?:cat|cow)\s+jumps"#).matches(text))
        #expect(try Pattern(#"\s+$"#).firstMatch(in: text) == nil)
        #expect(try Pattern(#"^(?:[^<]|<(?!script))*$"#).matches(String(text.prefix(50_000))))
    }

    @Test func aPatternCanLowerItsLimitsAndNotRaiseThem() throws {
        let pattern = try Pattern("(*LIMIT_MATCH=4000000000)(*LIMIT_HEAP=4000000000)^(a+)+$")
        #expect(throws: PatternError.self) { try pattern.matches(String(repeating: "a", count: 30) + "!") }
    }

    @Test func aPatternHasAtMost4096Bytes() throws {
        #expect(throws: Never.self) { try Pattern(String(repeating: "a", count: 4_096)) }
        let error = #expect(throws: PatternError.self) { try Pattern(String(repeating: "ä", count: 2_049)) }
        #expect(error?.code == .tooLong)
        #expect(error?.message == "the pattern has 4098 bytes, at most 4096 allowed")
    }

    @Test func aTextHasAtMost64MiB() throws {
        let text = String(repeating: "a", count: PatternLimits.maximumTextBytes + 1)
        let error = #expect(throws: PatternError.self) { try Pattern("^b").matches(text) }
        #expect(error?.code == .limitExceeded)
    }

    @Test(arguments: ["((((a{1,999}){1,999}){1,999}){1,999})", String(repeating: "(", count: 300)]
    )
    func aPatternThatWouldCompileToTooMuchIsRefused(source: String) {
        let error = #expect(throws: PatternError.self) { try Pattern(source) }
        #expect(error?.code == .syntax)
    }

    @Test func aMatchEndsWithTheTimeOfItsCaller() throws {
        let text = String(repeating: "a", count: 49_999)
        let pattern = try Pattern("a{50000}[bc]|x")
        let started = ContinuousClock.now
        let error = #expect(throws: PatternError.self) { _ = try pattern.matches(text, within: .milliseconds(20)) }
        #expect(error?.code == .limitExceeded)
        let short = started.duration(to: .now)
        #expect(throws: PatternError.self) { _ = try pattern.matches(text) }
        #expect(short < started.duration(to: .now) / 2)
        #expect(try pattern.matches("x", within: .milliseconds(20)))
    }
}
