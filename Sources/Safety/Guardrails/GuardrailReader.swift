import Conversation
package import Definitions
package import JSON
import JSONSchema
internal import Patterns

/// Reads the document of one guardrail.
struct GuardrailReader {
    /// What is wrong with the document.
    package let problems = DocumentReader.Problems()
    /// The guardrail; nil when something is wrong.
    package private(set) var guardrail: Guardrail?

    private static let defaults = FieldDefaults(of: "guardrail")
    private static let checks = DocumentFields.all.members("guardrail", of: "check")

    /// Reads a document.
    init(name: String, version: Int, document: JSONValue) {
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "guardrail") else { return }
        let places = places(in: reader)
        let action = action(in: reader)
        let check = reader.object("check").flatMap { self.check(in: $0) }
        if reader.value("check") == nil { reader.refuse(nil, "expected a member \"check\"") }
        let timeout = reader.seconds("approval_timeout") ?? Self.defaults.seconds("approval_timeout")
        let message = reader.string("message")
        guard let action, let check, problems.list.isEmpty else { return }
        if action == .redact, !check.findsPlaces {
            reader.refuse("action", "expected block, warn or ask: this check finds no place that could be redacted")
        }
        if action == .ask, places.contains(.output) {
            reader.refuse(
                "action",
                "expected block, redact or warn: a person can be asked about input and tool_output only"
            )
        }
        guard problems.list.isEmpty else { return }
        guardrail = Guardrail(
            name: name,
            version: version,
            places: places,
            action: action,
            message: message,
            approvalTimeout: timeout,
            check: check
        )
    }

    private func places(in reader: DocumentReader) -> Set<GuardrailPlace> {
        let names = reader.strings("applies_to") ?? Self.defaults.texts("applies_to")
        let places = names.compactMap { name -> GuardrailPlace? in
            if let place = GuardrailPlace(rawValue: name) { return place }
            reader.refuse("applies_to", "expected input, output or tool_output")
            return nil
        }
        if places.isEmpty { reader.refuse("applies_to", "expected at least one of input, output, tool_output") }
        return Set(places)
    }

    private func action(in reader: DocumentReader) -> GuardrailAction? {
        guard let name = reader.requiredString("action") else { return nil }
        if let action = GuardrailAction(rawValue: name) { return action }
        reader.refuse("action", "expected one of block, redact, warn, ask")
        return nil
    }

    // MARK: Checks

    private func check(in reader: DocumentReader) -> GuardrailCheck? {
        reader.refuseUnknownMembers()
        let given = Self.checks.filter { reader.value($0) != nil }
        guard given.count == 1, let name = given.first else {
            reader.refuse(nil, "expected exactly one of \(Self.checks.joined(separator: ", "))")
            return nil
        }
        switch name {
        case "pattern": return reader.object(name).flatMap { pattern(in: $0) }
        case "length": return reader.object(name).flatMap { length(in: $0) }
        case "schema": return schema(in: reader)
        case "topics": return topics(in: reader)
        case "personal_data": return personalData(in: reader)
        case "judge": return reader.object(name).flatMap { judge(in: $0) }
        default:
            guard reader.boolean(name) == true else {
                reader.refuse(name, "expected true")
                return nil
            }
            return name == "secrets" ? .secrets : .injection
        }
    }

    private func pattern(in reader: DocumentReader) -> GuardrailCheck? {
        reader.refuseUnknownMembers()
        let (wanted, refused) = (reader.string("must_match"), reader.string("must_not_match"))
        switch (wanted, refused) {
        case (let text?, nil): return pattern(text, "must_match", in: reader).map { .mustMatch($0) }
        case (nil, let text?):
            guard let pattern = pattern(text, "must_not_match", in: reader) else { return nil }
            if (try? pattern.matches("")) == true {
                reader.refuse("must_not_match", "it matches the empty text, and so every text")
                return nil
            }
            return .mustNotMatch(pattern)
        default:
            reader.refuse(nil, "expected must_match or must_not_match")
            return nil
        }
    }

    private func pattern(
        _ text: String,
        _ key: String,
        in reader: DocumentReader,
        options: Pattern.Options = []
    ) -> Pattern? {
        do throws(PatternError) {
            return try Pattern(text, options: options)
        } catch {
            reader.refuse(key, "not a regular expression: \(error)")
            return nil
        }
    }

    private func length(in reader: DocumentReader) -> GuardrailCheck? {
        reader.refuseUnknownMembers()
        let length = GuardrailLength(
            minimumCharacters: reader.integer("minimum_characters"),
            maximumCharacters: reader.integer("maximum_characters"),
            minimumBytes: reader.integer("minimum_bytes"),
            maximumBytes: reader.integer("maximum_bytes")
        )
        if length == GuardrailLength() {
            reader.refuse(nil, "expected a minimum or a maximum")
            return nil
        }
        return .length(length)
    }

    private func schema(in reader: DocumentReader) -> GuardrailCheck? {
        guard let document = reader.value("schema") else { return nil }
        do throws(JSONSchemaError) {
            return .schema(try JSONSchema(document))
        } catch {
            for problem in error.problems.prefix(10) { reader.refuse("schema", "\(problem.path): \(problem.message)") }
            return nil
        }
    }

    private func topics(in reader: DocumentReader) -> GuardrailCheck? {
        guard let topics = reader.object("topics"), let object = reader.value("topics")?.objectValue else { return nil }
        if object.isEmpty { reader.refuse("topics", "expected a topic with its regular expressions") }
        let read = object.map { member in
            let patterns = (topics.strings(member.key, maximumCount: 1_000) ?? []).enumerated().compactMap {
                index,
                text in
                pattern(text, "\(member.key)[\(index)]", in: topics, options: .caseInsensitive)
            }
            if patterns.isEmpty { topics.refuse(member.key, "expected a list of regular expressions") }
            return (name: member.key.prefix(utf8: 64), patterns: patterns)
        }
        return .topics(read)
    }

    private func personalData(in reader: DocumentReader) -> GuardrailCheck? {
        let kinds = (reader.strings("personal_data") ?? []).compactMap { name -> PersonalDataKind? in
            if let kind = PersonalDataKind(rawValue: name) { return kind }
            let names = PersonalDataKind.allCases.map(\.rawValue).joined(separator: ", ")
            reader.refuse("personal_data", "expected kinds among \(names)")
            return nil
        }
        if kinds.isEmpty { reader.refuse("personal_data", "expected at least one kind") }
        return .personalData(PersonalDataScanner(kinds: Set(kinds)))
    }

    private func judge(in reader: DocumentReader) -> GuardrailCheck? {
        reader.refuseUnknownMembers()
        guard let agent = reader.requiredString("agent"), let question = reader.requiredString("question")
        else { return nil }
        let onError = reader.string("on_error") ?? Self.defaults.text("check.judge.on_error")
        guard onError == "block" || onError == "pass" else {
            reader.refuse("on_error", "expected block or pass")
            return nil
        }
        let timeout = reader.seconds("timeout") ?? Self.defaults.seconds("check.judge.timeout")
        return .judge(
            GuardrailJudge(
                agent: agent,
                question: question,
                timeout: timeout,
                passesOnError: onError == "pass"
            )
        )
    }
}

extension Guardrail {
    /// What is wrong with the document of a guardrail, as far as one can see without the database.
    ///
    /// - Parameter document: The document.
    /// - Returns: The problems with their places; none when a guardrail can be made of it.
    package static func problems(in document: JSONValue) -> [DocumentProblem] {
        GuardrailReader(name: "", version: 0, document: document).problems.list
    }
}

extension SafetyPolicy {
    /// What is wrong with the document of a policy, as far as one can see without the database.
    ///
    /// - Parameter document: The document.
    /// - Returns: The problems with their places; none when a policy can be made of it.
    package static func problems(in document: JSONValue) -> [DocumentProblem] {
        SafetyPolicyReader(name: "", document: document).problems.list
    }
}
