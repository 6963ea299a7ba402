internal import Definitions
package import JSON

/// What is done when a call of a tool fails: other steps first, then the same tool with other arguments.
package struct RecoveryRule: Sendable, Hashable {
    /// The tool whose call failed.
    package let tool: String
    /// The class of the error; nil for any but a denial.
    package let error: String?
    /// The steps before the second call, as the template has them.
    package let steps: [JSONValue]
    /// Arguments of the second call; the others stay as they were.
    package let arguments: JSONObject
    /// What the second call does, in words; nil for what the first did.
    package let description: String?

    /// Reads a rule; nil when it is none.
    package init?(_ json: JSONValue) {
        guard let tool = json["tool"]?.stringValue else { return nil }
        self.tool = tool
        error = json["error"]?.stringValue
        steps = json["steps"]?.arrayValue ?? []
        arguments = json["arguments"]?.objectValue ?? [:]
        description = json["description"]?.stringValue
    }

    /// The rule as the database keeps it with a plan.
    package var json: JSONValue {
        var object: JSONObject = ["tool": .string(tool)]
        object["error"] = error.map { .string($0) }
        object["steps"] = .array(steps)
        object["arguments"] = .object(arguments)
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    /// Whether it is about such a failure.
    ///
    /// What an operator denied is tried again only by a rule that says so.
    func fits(_ step: PlanStep, code: String) -> Bool {
        guard step.target?.name == tool else { return false }
        return error.map { $0 == code } ?? (code != "denied")
    }

    /// The steps that recover a failed one: the last stands in its place.
    ///
    /// - Parameters:
    ///   - failed: The step.
    ///   - arguments: The arguments that it was called with.
    ///   - message: What went wrong.
    ///   - first: The number of the first new step.
    /// - Throws: ``TemplateError`` when a reference stands for nothing.
    func recovery(
        of failed: PlanStep,
        calledWith arguments: JSONObject,
        message: String,
        numberedFrom first: Int
    ) throws(TemplateError) -> [PlanStep] {
        var numbers: [String: Int] = [:]
        var added: [PlanStep] = []
        func filled(_ value: JSONValue, escapes: Bool) throws(TemplateError) -> JSONValue? {
            try PlanReference.fill(value) { reference in
                switch reference {
                case .argument(let name): arguments[name].map { escapes ? $0.withoutReferences : $0 }
                case .error: JSONValue.string(message.prefix(utf8: 2_000)).escaped(escapes)
                case .named(let name, let group): numbers[name].map { .string(PlanReference.text(of: $0, group)) }
                case .braces: .string(escapes ? "{{braces}}" : "{{")
                case .result(let number, let group): .string(PlanReference.text(of: number, group))
                case .value: nil
                }
            }
        }
        for json in steps {
            guard var step = PlanStep(json, number: first + added.count) else { continue }
            step.number = first + added.count
            step.arguments = try filled(.object(step.arguments), escapes: true)?.objectValue ?? [:]
            step.description = try filled(.string(step.description), escapes: false)?.stringValue ?? ""
            let names = json["after"]?.arrayValue?.compactMap { $0.stringValue.flatMap { numbers[$0] } } ?? []
            step.after = Set(names + PlanReference.steps(in: .object(step.arguments))).sorted()
            step.description = step.description.asDescription
            step.status = .pending
            if let name = json["name"]?.stringValue { numbers[name] = step.number }
            added.append(step)
        }
        var again = failed
        again.number = first + added.count
        again.recovers = failed.number
        again.status = .pending
        for member in try filled(.object(self.arguments), escapes: true)?.objectValue ?? [:] {
            again.arguments[member.key] = member.value
        }
        if let description {
            again.description = (try filled(.string(description), escapes: false)?.stringValue ?? "").asDescription
        }
        again.after = Set(failed.after + added.map(\.number) + PlanReference.steps(in: .object(again.arguments)))
            .sorted()
        return added + [again]
    }
}

extension JSONValue {
    fileprivate func escaped(_ isWanted: Bool) -> JSONValue { isWanted ? withoutReferences : self }
}
