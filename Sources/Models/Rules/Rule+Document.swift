import Definitions
internal import JSON
internal import Patterns

extension Rule {
    /// Reads the rules of a model's document.
    ///
    /// - Parameter value: The member `rules`.
    /// - Returns: The rules in their order.
    /// - Throws: A list of every mistake, each with its place in the document.
    package static func rules(from value: JSONValue?, problems: DocumentReader.Problems) -> [Rule] {
        let field = DocumentFields.all.field("model", "rules")
        let counts = Int(field?.minimum ?? 1)...Int(field?.maximum ?? 1)
        guard let value, case .array(let elements) = value, counts.contains(elements.count) else {
            let message = "expected an array of \(counts.lowerBound) to \(counts.upperBound) rules"
            DocumentReader(.object([:]), path: "rules", problems: problems)?.refuse(nil, message)
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard let reader = DocumentReader(element, path: "rules[\(index)]", problems: problems, kind: "model")
            else { return nil }
            if reader.value("otherwise") != nil, index < elements.count - 1 {
                reader.refuse("otherwise", "expected only in the last rule: those after it could never apply")
            }
            return rule(from: reader)
        }
    }

    private static func rule(from reader: DocumentReader) -> Rule? {
        if reader.value("otherwise") != nil {
            reader.refuseMembers(otherThan: ["otherwise"])
            guard let text = template("otherwise", in: reader) else { return nil }
            checkCaptures(of: [text], against: nil, key: "otherwise", in: reader)
            return Rule(pattern: nil, action: .say(text), path: reader.path)
        }
        reader.refuseMembers(otherThan: ["when", "say", "call", "calls", "then"])
        let pattern = pattern(in: reader)
        let deeds = ["say", "call", "calls"].filter { reader.value($0) != nil }
        guard deeds.count == 1 else {
            reader.refuse(nil, "expected exactly one of say, call and calls")
            return nil
        }
        let action = deeds == ["say"] ? say(in: reader, pattern: pattern) : call(in: reader, pattern: pattern)
        guard let pattern, let action else { return nil }
        return Rule(pattern: pattern, action: action, path: reader.path)
    }

    private static func say(in reader: DocumentReader, pattern: Pattern?) -> Action? {
        if reader.value("then") != nil { reader.refuse("then", "expected only with call or calls") }
        guard let text = template("say", in: reader) else { return nil }
        if text.usesResults { reader.refuse("say", "{{result}} is only known in the `then` of a call") }
        checkCaptures(of: [text], against: pattern, key: "say", in: reader)
        return .say(text)
    }

    private static func call(in reader: DocumentReader, pattern: Pattern?) -> Action? {
        var calls: [Call] = []
        if let call = reader.object("call") {
            calls = [self.call(from: call, pattern: pattern)].compactMap { $0 }
        } else {
            calls = reader.objects("calls", called: "calls").compactMap { self.call(from: $0, pattern: pattern) }
        }
        guard let then = reader.value("then") == nil ? try? RuleTemplate("{{result}}") : template("then", in: reader)
        else { return nil }
        checkCaptures(of: [then], against: pattern, key: "then", in: reader)
        return calls.isEmpty ? nil : .call(calls, then: then)
    }

    private static func call(from reader: DocumentReader, pattern: Pattern?) -> Call? {
        reader.refuseUnknownMembers()
        guard let tool = reader.requiredString("tool") else { return nil }
        let value = reader.value("arguments") ?? .object([:])
        guard value.objectValue != nil else {
            reader.refuse("arguments", "expected an object, found \(value.kind)")
            return nil
        }
        let arguments = RuleArguments(value, reader: reader, key: "arguments")
        if arguments.templates.contains(where: \.usesResults) {
            reader.refuse("arguments", "{{result}} is only known in `then`")
        }
        checkCaptures(of: arguments.templates, against: pattern, key: "arguments", in: reader)
        return Call(tool: tool, arguments: arguments)
    }
}

extension Rule {
    private static func pattern(in reader: DocumentReader) -> Pattern? {
        guard let source = reader.requiredString("when") else { return nil }
        do {
            return try Pattern(source)
        } catch {
            reader.refuse("when", "not a pattern: \(error.message)")
            return nil
        }
    }

    private static func template(_ key: String, in reader: DocumentReader) -> RuleTemplate? {
        guard let source = reader.string(key) else { return nil }
        do {
            return try RuleTemplate(source)
        } catch {
            reader.refuse(key, error.message)
            return nil
        }
    }

    /// Refuses captures that the pattern does not have.
    private static func checkCaptures(
        of templates: [RuleTemplate],
        against pattern: Pattern?,
        key: String,
        in reader: DocumentReader
    ) {
        guard let highest = templates.compactMap(\.highestCapture).max(), highest > 0 else { return }
        guard let count = pattern == nil ? 0 : pattern?.captureCount, highest > count else { return }
        reader.refuse(key, "$\(highest) is not captured: the pattern has \(count) groups (write $$ for a dollar sign)")
    }
}
