internal import Definitions
package import JSON

/// Makes plans from templates, without a model.
///
/// ```swift
/// let planner = TaskPlanner(templates: templates)
/// let plan = try planner.plan("Read config and run tests", context: ["command": "pytest tests/"])
/// plan.summary
/// // Task: Read config and run tests
/// // Steps:
/// //   1. [pending] file_read - Read the configuration
/// //   2. [pending] run_tests - Run the tests: pytest tests/
/// ```
package struct TaskPlanner: Sendable {
    /// The most steps of a plan.
    package static let maximumSteps = 200

    private let templates: [PlanTemplate]

    /// A planner.
    ///
    /// - Parameter templates: The templates; where several fit a clause, the first by name is taken.
    package init(templates: [PlanTemplate]) {
        self.templates = templates.sorted { $0.name < $1.name }
    }

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - task: What is to be done, in words.
    ///   - context: Values by name, for what the task does not say.
    /// - Returns: The plan, with at least one step.
    /// - Throws: ``PlanningError``.
    package func plan(_ task: String, context: JSONObject = [:]) throws(PlanningError) -> Plan {
        let reader = try ClauseReader(task)
        var matches: [String: (template: PlanTemplate, values: JSONObject)] = [:]
        let clauses = try reader.clauses { (clause) throws(PlanningError) in
            guard let match = try match(clause) else { return false }
            matches[clause] = match
            return true
        } takes: { clause, text in
            matches[clause]?.values.contains { $0.value.stringValue?.contains(text) == true } == true
        }
        guard let clauses else { throw try noPlan(for: reader) }
        try refuseUnknown(context)
        var draft = Draft()
        for clause in clauses {
            guard let match = matches[clause.text] else { continue }
            if clause.isAfterwards { draft.beginAfterwards() }
            var values = match.template.defaults
            for member in context { values[member.key] = member.value }
            for member in match.values { values[member.key] = member.value }
            try draft.add(match.template, values)
        }
        return Plan(task: task, steps: draft.steps, recoveries: draft.recoveries)
    }

    /// A value that no template has a place for is a mistake in its name.
    private func refuseUnknown(_ context: JSONObject) throws(PlanningError) {
        let names = Set(templates.flatMap(\.names)).sorted()
        guard let unknown = context.first(where: { !names.contains($0.key) })?.key else { return }
        let nearest = nearestName(to: unknown, among: names)
        let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        throw PlanningError(.unknownContext, "no plan template takes a value \"\(unknown.prefix(utf8: 100))\"\(hint)")
    }

    private func match(_ clause: String) throws(PlanningError) -> (template: PlanTemplate, values: JSONObject)? {
        for template in templates {
            if let values = try template.values(in: clause) { return (template, values) }
        }
        return nil
    }

    // MARK: No plan

    private func noPlan(for reader: ClauseReader) throws(PlanningError) -> PlanningError {
        var unknown = reader.smallest[0]
        for clause in reader.smallest where try match(clause) == nil {
            unknown = clause
            break
        }
        let nearest = nearest(to: unknown)
        let shown = unknown.prefix(utf8: 200)
        var message = "no plan template fits \"\(shown)\""
        if !nearest.isEmpty { message += "; nearest: \(nearest.joined(separator: ", "))" }
        return PlanningError(.noPlan, message, clause: unknown, nearest: nearest)
    }

    /// The templates that share most words with a clause, at most three.
    private func nearest(to clause: String) -> [String] {
        let words = Set(PlanTemplate.words(of: clause))
        let shared = templates.map { template in
            (name: template.name, count: words.count { word in template.words.contains { Self.isNear(word, $0) } })
        }
        return shared.filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(3).map(\.name)
    }

    private static func isNear(_ word: String, _ other: String) -> Bool {
        word == other || word.count > 3 && editDistance(word, other, limit: 1) != nil
    }
}

/// A plan that grows clause by clause.
private struct Draft {
    var steps: [PlanStep] = []
    var recoveries: [RecoveryRule] = []
    /// The last steps of everything before the last *then*.
    private var before: [Int] = []
    /// The last steps of the clauses since.
    private var since: [Int] = []

    mutating func beginAfterwards() {
        guard !since.isEmpty else { return }
        (before, since) = (since, [])
    }

    /// Adds the steps of a template.
    mutating func add(_ template: PlanTemplate, _ values: JSONObject) throws(PlanningError) {
        guard steps.count + template.steps.count <= TaskPlanner.maximumSteps else {
            throw PlanningError(.tooLarge, "the plan would have more than \(TaskPlanner.maximumSteps) steps")
        }
        let filler = Filler(template: template.name, values: values, offset: steps.count, steps: template.steps)
        var added: [PlanStep] = []
        for (index, json) in template.steps.enumerated() {
            guard var step = PlanStep(json, number: steps.count + index + 1) else { continue }
            step.arguments = try filler.filled(.object(step.arguments))?.objectValue ?? [:]
            step.description = try filler.text(step.description).asDescription
            let names = json["after"]?.arrayValue?.compactMap { $0.stringValue.flatMap { filler.numbers[$0] } } ?? []
            let own = Set(names + PlanReference.steps(in: .object(step.arguments)))
            step.after = own.isEmpty ? before : own.sorted()
            added.append(step)
        }
        let used = Set(added.flatMap(\.after))
        since += added.map(\.number).filter { !used.contains($0) }
        steps += added
        for recovery in template.recoveries {
            guard let rule = try RecoveryRule(filler.kept(recovery)), !recoveries.contains(rule) else { continue }
            recoveries.append(rule)
        }
    }
}

/// Puts the values of a clause into the steps of its template.
private struct Filler {
    let template: String
    let values: JSONObject
    /// The steps' numbers by their names.
    let numbers: [String: Int]

    init(template: String, values: JSONObject, offset: Int, steps: [JSONValue]) {
        self.template = template
        self.values = values
        numbers = steps.enumerated().reduce(into: [:]) { numbers, step in
            if let name = step.element["name"]?.stringValue { numbers[name] = offset + step.offset + 1 }
        }
    }

    /// A value of a step: what is put in refers to nothing.
    func filled(_ value: JSONValue) throws(PlanningError) -> JSONValue? {
        try fill(value) { reference in
            switch reference {
            case .named(let name, let group): numbers[name].map { .string(PlanReference.text(of: $0, group)) }
            case .value(let name): given(name)?.withoutReferences
            case .error: given("error")?.withoutReferences
            case .result, .argument, .braces: .string(reference.description)
            }
        }
    }

    /// A text for people.
    func text(_ text: String) throws(PlanningError) -> String {
        let filled = try fill(.string(text)) { reference in
            switch reference {
            case .value(let name): given(name)
            case .error: given("error")
            case .braces: "{{"
            case .result, .named, .argument: .string(reference.description)
            }
        }
        return filled.map { $0.stringValue ?? $0.text } ?? ""
    }

    /// A recovery: what is known only when a step has failed stays as it is.
    func kept(_ value: JSONValue) throws(PlanningError) -> JSONValue {
        try fill(value) { reference in
            if case .value(let name) = reference { return given(name)?.withoutReferences }
            return .string(reference.description)
        } ?? value
    }

    private func given(_ name: String) -> JSONValue? {
        guard let value = values[name], !value.isNull else { return nil }
        return value
    }

    private func fill(
        _ value: JSONValue,
        _ lookUp: (PlanReference) -> JSONValue?
    ) throws(PlanningError) -> JSONValue? {
        var missing: String?
        do throws(TemplateError) {
            return try PlanReference.fill(value) { reference in
                let found = lookUp(reference)
                if found == nil, case .value(let name) = reference { missing = name }
                return found
            }
        } catch {
            if let missing {
                throw PlanningError(
                    .missingContext,
                    "the plan template \"\(template)\" needs a value for \"\(missing)\""
                )
            }
            throw PlanningError(.invalid, "the plan template \"\(template)\" cannot be used: \(error.message)")
        }
    }
}
