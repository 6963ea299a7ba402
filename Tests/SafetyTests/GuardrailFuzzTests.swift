import Testing

@testable import Conversation
@testable import Safety

/// Numbers by chance, the same in every run.
private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
}

@Suite struct GuardrailFuzzTests {
    private static let pieces = [
        "4111 1111 1111 1111", "ada@example.org", "@", ".", "DE89 3704", "+49 30", "::", "078-05-", "eyJ", ".", "sk-",
        "AKIA",
        "password=", "\"token\": \"", "://", ":", "-----BEGIN ", "PRIVATE KEY-----", "-----END ", "<|", "|>", "<",
        "/tool_output>",
        "ignore ", "previous ", "instructions", "\u{200B}", "\u{E0041}", "é", "\u{1F469}\u{200D}", "\n", " ", "１２", "а",
        "[redacted: email]",
        "\0", "\u{202E}", "0", "(415) 555-", "=", "'", "aaaaaaaaaaaaaaaa", "192.0.2.", "[INST]",
    ]

    private static let checks = [
        #"{"check": {"personal_data": ["email", "phone", "credit_card", "iban", "ip_address", "us_ssn"]}, "action": "redact"}"#,
        #"{"check": {"secrets": true}, "action": "redact"}"#, #"{"check": {"injection": true}, "action": "redact"}"#,
        #"{"check": {"pattern": {"must_not_match": "(?:a|i|:)+"}}, "action": "redact"}"#,
        #"{"check": {"topics": {"order": ["ignore|previous"], "x": ["p.*?e"]}}, "action": "redact"}"#,
    ]

    @Test(arguments: 0..<40)
    func spansAreInOrderWithinTheTextAndRedactingEndsInAFixedPoint(_ seed: Int) throws {
        var chance = Chance(state: UInt64(seed))
        let text = (0..<Int.random(in: 0...120, using: &chance)).map { _ in
            Self.pieces.randomElement(using: &chance) ?? ""
        }.joined()
        for document in Self.checks {
            let guardrail = try #require(Guardrail.made(document))
            if let finding = guardrail.check.finding(in: text, name: "test", isWhole: true) {
                var end = 0
                for span in finding.spans {
                    #expect(
                        span.range.lowerBound >= end && span.range.upperBound <= text.utf8.count && !span.range.isEmpty
                    )
                    end = span.range.upperBound
                }
                // What is told of it repeats none of it.
                let bytes = Array(text.utf8)
                for span in finding.spans where span.range.count >= 8 && span.kind != "hidden_characters" {
                    let piece = String(decoding: bytes[span.range], as: UTF8.self)
                    #expect(!finding.detail.contains(piece))
                }
            }
            var last = GuardrailInspection(text)
            for _ in 0..<8 {
                var next = GuardrailInspection(last.text)
                next.inspect([guardrail], at: .output, isWhole: true)
                last = next
                if next.hits.isEmpty { break }
            }
            #expect(last.hits.isEmpty)
        }
    }

    /// What almost matches, over and over: time that grew with the square would be minutes.
    @Test(arguments: [
        "a@", "@", "eyJ", "eyJ-", "eyJ.", "sk-", "://", "://a:b", "-----BEGIN ", "-----BEGIN x", "password=", "token:'",
        "4111 ", "1",
        "DE89 ", "1:", "::", "<|", "<tool_", "<", "ignore ", "ignore all ", "\u{200B}", "a\u{200B}", "+1 ", "(",
        "078-05-", "\"role\"", "#",
        "\n#", "e", "bearer ", "é",
    ])
    func nearMatchesOverAndOverTakeLinearTime(_ piece: String) {
        let text = String(repeating: piece, count: 131_072 / piece.utf8.count)
        let start = ContinuousClock.now
        let folded = FoldedText(text)
        _ = PersonalDataScanner(kinds: Set(PersonalDataKind.allCases)).spans(in: folded)
        _ = SecretScanner().spans(in: folded)
        _ = InjectionScanner().spans(in: text)
        _ = ToolOutputMarks.marked(text)
        // Generous: tests are not optimized, and share the machine.
        #expect(start.duration(to: .now) < .seconds(120))
    }

    @Test(.timeLimit(.minutes(1))) func anExpressionThatRunsAwayCountsAsFound() throws {
        let guardrail = try #require(
            Guardrail.made(#"{"check": {"pattern": {"must_not_match": "^(a+)+$"}}, "action": "redact"}"#)
        )
        var inspection = GuardrailInspection(String(repeating: "a", count: 20_000) + "!")
        inspection.inspect([guardrail], at: .input, isWhole: true)
        #expect(inspection.text == "[redacted: test]")
    }

    @Test func moreMatchesThanCanBeCountedTakeTheRestAway() throws {
        let guardrail = try #require(
            Guardrail.made(#"{"check": {"pattern": {"must_not_match": "x"}}, "action": "redact"}"#)
        )
        var inspection = GuardrailInspection(String(repeating: "x ", count: 5_000))
        inspection.inspect([guardrail], at: .input, isWhole: true)
        #expect(!inspection.text.contains("x x"))
        #expect(!inspection.text.replacing("[redacted: test]", with: "").contains("x"))
    }
}
