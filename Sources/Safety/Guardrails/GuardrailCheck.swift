internal import JSON
package import JSONSchema
package import Patterns

/// What a guardrail looks for.
package enum GuardrailCheck: Sendable {
    case mustMatch(Pattern)
    case mustNotMatch(Pattern)
    case length(GuardrailLength)
    case schema(JSONSchema)
    case topics([(name: String, patterns: [Pattern])])
    case personalData(PersonalDataScanner)
    case secrets
    case injection
    case judge(GuardrailJudge)

    /// Whether it finds places, which can be redacted.
    var findsPlaces: Bool {
        switch self {
        case .mustNotMatch, .topics, .personalData, .secrets, .injection: true
        case .mustMatch, .length, .schema, .judge: false
        }
    }

    /// Looks at a text; a judge is asked elsewhere.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - name: The guardrail's name, by which what a pattern finds is told.
    ///   - isWhole: Whether the text is complete: only then can something be missing in it.
    package func finding(in text: String, name: String, isWhole: Bool) -> GuardrailFinding? {
        switch self {
        case .judge: return nil
        case .mustMatch(let pattern):
            guard isWhole else { return nil }
            let isMatch: Bool
            do { isMatch = try pattern.matches(text) } catch { isMatch = false }
            return isMatch ? nil : GuardrailFinding("it does not match the pattern")
        case .schema(let schema): return isWhole ? Self.complaint(schema, text) : nil
        case .length(let length): return length.finding(in: text, isWhole: isWhole)
        case .mustNotMatch, .topics, .personalData, .secrets, .injection:
            return GuardrailFinding(spans(in: text, name: name), in: text)
        }
    }

    private func spans(in text: String, name: String) -> [GuardrailSpan] {
        switch self {
        case .mustNotMatch(let pattern):
            return PatternSearch().ranges(of: pattern, in: text).map { GuardrailSpan(range: $0, kind: name) }
        case .topics(let topics):
            let folded = FoldedText(text)
            let (search, seen) = (PatternSearch(), folded.text)
            return topics.flatMap { topic in
                topic.patterns.flatMap { search.ranges(of: $0, in: seen) }.map { folded.span($0, topic.name) }
            }
        case .personalData(let scanner): return scanner.spans(in: FoldedText(text))
        case .secrets: return SecretScanner().spans(in: FoldedText(text))
        case .injection: return InjectionScanner().spans(in: text)
        case .mustMatch, .length, .schema, .judge: return []
        }
    }

    /// Where the text does not fit a schema, without what it says there.
    private static func complaint(_ schema: JSONSchema, _ text: String) -> GuardrailFinding? {
        do throws(JSONParseError) {
            let value = try JSONValue(parsing: text)
            if schema.accepts(value) { return nil }
            let count = schema.validate(value).count
            return GuardrailFinding("it does not fit the JSON Schema in \(count) place\(count == 1 ? "" : "s")")
        } catch {
            return GuardrailFinding("it is not JSON")
        }
    }
}
