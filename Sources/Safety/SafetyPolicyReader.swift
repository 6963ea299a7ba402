import Conversation
import Definitions
internal import JSON
import JSONSchema
internal import Patterns
import ShellSyntax
import Tools

/// Reads the rules of one policy's document.
struct SafetyPolicyReader {
    /// What is wrong with the document.
    package let problems = DocumentReader.Problems()
    package private(set) var rules: [SafetyRule] = []
    package private(set) var orders: [OrderRule] = []
    package private(set) var approvalTimeout = FieldDefaults(of: "policy").seconds("approval_timeout")

    /// Reads a document.
    init(name: String, document: JSONValue) {
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "policy") else { return }
        approvalTimeout = reader.seconds("approval_timeout") ?? approvalTimeout
        for (index, element) in reader.objects("rules", called: "rules").enumerated() {
            guard let rule = rule(from: element, label: "policy \(name), rule \(index + 1)") else { continue }
            rules.append(rule)
        }
        for (index, element) in reader.objects("order", called: "rules").enumerated() {
            guard let order = order(from: element, label: "policy \(name), order \(index + 1)") else { continue }
            orders.append(order)
        }
    }

    private func rule(from reader: DocumentReader, label: String) -> SafetyRule? {
        reader.refuseUnknownMembers()
        guard let action = choice("action", of: SafetyDecision.Action.self, in: reader) else { return nil }
        var rule = SafetyRule(label: label, action: action)
        rule.reason = reader.string("reason")
        rule.tools = words("tool", in: reader) ?? []
        rule.implementations = words("implementation", in: reader) ?? []
        rule.agents = words("agent", in: reader) ?? []
        rule.hosts = words("host", in: reader)
        rule.effects = effects(in: reader)
        rule.minimumCost = reader.number("cost_usd")
        rule.arguments = arguments(in: reader)
        rule.commands = commands(in: reader, action: action)
        rule.terms = ApprovalTerms(
            approvers: reader.texts("approvers"),
            notRequester: reader.boolean("not_requester") ?? true
        )
        rule.paths = reader.texts("path")?.compactMap { text in
            do throws(ToolError) {
                return try GlobPattern(ofRule: text)
            } catch {
                reader.refuse("path", error.message)
                return nil
            }
        }
        return rule
    }

    private func order(from reader: DocumentReader, label: String) -> OrderRule? {
        reader.refuseUnknownMembers()
        guard let name = reader.requiredString("tool"), let tool = word(name, "tool", in: reader),
            let kind = kind(of: reader)
        else { return nil }
        return OrderRule(label: label, tool: tool, toolName: name, kind: kind)
    }

    private func kind(of reader: DocumentReader) -> OrderRule.Kind? {
        switch reader.requiredString("rule") {
        case nil: return nil
        case "first": return .first
        case "last": return .last
        case "after":
            guard let name = reader.requiredString("other") else { return nil }
            return word(name, "other", in: reader).map { .after($0, name: name) }
        case "at_most":
            guard reader.value("count") != nil else {
                reader.refuse(nil, "expected a member \"count\"")
                return nil
            }
            return reader.integer("count").map { .atMost($0) }
        default:
            reader.refuse("rule", "expected one of first, last, after, at_most")
            return nil
        }
    }
}

extension SafetyPolicyReader {
    private func word(_ text: String, _ key: String, in reader: DocumentReader) -> WordPattern? {
        do throws(PatternError) {
            return try WordPattern(text)
        } catch {
            reader.refuse(key, "not a regular expression: \(error.message)")
            return nil
        }
    }

    private func words(_ key: String, in reader: DocumentReader) -> [WordPattern]? {
        reader.texts(key)?.compactMap { word($0, key, in: reader) }
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Choice.Type,
        in reader: DocumentReader
    ) -> Choice? {
        guard let text = reader.requiredString(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        reader.refuse(key, "expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    private func effects(in reader: DocumentReader) -> Set<ToolEffect> {
        let effects = (reader.texts("effect") ?? []).compactMap { text -> ToolEffect? in
            if let effect = ToolEffect(rawValue: text) { return effect }
            let names = ToolEffect.allCases.map(\.rawValue).joined(separator: ", ")
            reader.refuse("effect", "expected one of \(names)")
            return nil
        }
        return Set(effects)
    }

    private func arguments(in reader: DocumentReader) -> [(name: String, condition: ArgumentCondition)] {
        guard let value = reader.value("arguments") else { return [] }
        guard let object = value.objectValue else {
            reader.refuse("arguments", "expected an object, found \(value.kind)")
            return []
        }
        return object.compactMap { member in
            let key = "arguments.\(member.key)"
            switch member.value {
            case .string(let source): return pattern(source, key, in: reader).map { (member.key, $0) }
            case .object(let schema): return self.schema(schema, key, in: reader).map { (member.key, $0) }
            default:
                reader.refuse(key, "expected a regular expression or a JSON Schema, found \(member.value.kind)")
                return nil
            }
        }
    }

    private func pattern(_ source: String, _ key: String, in reader: DocumentReader) -> ArgumentCondition? {
        do {
            return .pattern(try Pattern(source))
        } catch {
            reader.refuse(key, "not a regular expression: \(error)")
            return nil
        }
    }

    private func schema(_ schema: JSONObject, _ key: String, in reader: DocumentReader) -> ArgumentCondition? {
        let types = ArgumentCondition.types(of: schema)
        guard !types.isEmpty else {
            reader.refuse(
                key,
                "expected \"type\", \"enum\", \"const\", or a keyword that is about one type, such as maximum"
            )
            return nil
        }
        do {
            return .schema(try JSONSchema(.object(schema)), types: types)
        } catch {
            for problem in error.problems.prefix(10) { reader.refuse(key, "\(problem.path): \(problem.message)") }
            return nil
        }
    }

    private func commands(in reader: DocumentReader, action: SafetyDecision.Action) -> CommandPatternSet? {
        guard let texts = reader.texts("command") else { return nil }
        return CommandPatternSet(
            texts.enumerated().compactMap { index, text in
                do throws(CommandProblem) {
                    let pattern = try CommandPattern(text)
                    if action == .allow, !pattern.isPlain {
                        throw CommandProblem("a pattern with | or > cannot allow: output into files is seen to already")
                    }
                    return pattern
                } catch {
                    reader.refuse("command[\(index)]", error.description)
                    return nil
                }
            }
        )
    }
}
