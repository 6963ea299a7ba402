import JSON
import Patterns

/// One validation of one value.
///
/// There are two modes. With a violation limit of zero the first failure ends it, which is the fast way to an answer.
/// With a higher limit it continues to collect violations and keeps the paths for them. Where a failure means nothing by
/// itself (in `anyOf`, `not`, `if` …) the limit is lowered for the while.
///
/// A validation that exceeds a limit is *undecided*: whatever the logic around it, `not` included, the value is
/// refused with a violation that says so.
struct SchemaValidator {
    let program: SchemaProgram
    var violations: [JSONSchemaViolation] = []
    var violationLimit: Int

    /// Where in the value the validation is; kept only while violations are collected.
    var instancePath: [String] = []

    /// The resources entered on the way, outermost first, which `$dynamicRef` looks through.
    var scope: [Int] = []

    private var depth = 0
    var stepsLeft: Int
    private var patternTimeLeft: Duration
    private(set) var undecided: JSONSchemaViolation?

    init(_ program: SchemaProgram, violationLimit: Int) {
        self.program = program
        self.violationLimit = violationLimit
        stepsLeft = program.limits.maximumSteps
        patternTimeLeft = program.limits.maximumPatternTime
    }

    mutating func accepts(_ instance: JSONValue) -> Bool {
        var evaluated = EvaluatedPositions(isTracked: false)
        return evaluate(program.root, instance, &evaluated) && undecided == nil
    }

    mutating func violations(of instance: JSONValue) -> [JSONSchemaViolation] {
        let limit = violationLimit
        _ = accepts(instance)
        if let undecided { violations = violations.prefix(limit - 1) + [undecided] }
        return violations
    }

    /// Whether violations are collected here.
    var isCollecting: Bool { violationLimit > 0 }

    /// Whether it is worth going on after a failure.
    var wantsMore: Bool { violations.count < violationLimit && undecided == nil }

    /// Applies a subschema to a value.
    ///
    /// - Parameter evaluated: Receives what was evaluated, if that is tracked and the value is valid.
    /// - Returns: Whether the value is valid.
    mutating func evaluate(
        _ id: SchemaNode.ID,
        _ instance: JSONValue,
        _ evaluated: inout EvaluatedPositions
    ) -> Bool {
        let node = program.nodes[id]
        guard spend(node.cost, at: node) else { return false }
        if let verdict = node.verdict {
            return verdict || fail(node, nil, "expected nothing here, found \(instance.summary)")
        }
        guard depth < program.limits.maximumDepth else {
            return undecide(node, nil, "the schema and the value lead too deep to validate")
        }
        depth += 1
        let entersResource = scope.last != node.resource
        if entersResource { scope.append(node.resource) }
        var own = EvaluatedPositions(isTracked: evaluated.isTracked || node.hasUnevaluated)
        let isValid = applyKeywords(of: node, to: instance, &own)
        if entersResource { scope.removeLast() }
        depth -= 1
        if isValid { evaluated.formUnion(own) }
        return isValid && undecided == nil
    }

    private mutating func applyKeywords(
        of node: SchemaNode,
        to instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        if let keywords = node.general {
            isValid = check(keywords, of: node, instance) && isValid
            guard isValid || wantsMore else { return false }
        }
        isValid = checkByType(node, instance, &own) && isValid
        guard isValid || wantsMore else { return false }
        if let logic = node.logic {
            isValid = apply(logic, of: node, to: instance, &own) && isValid
        }
        // What failing subschemas have evaluated is not known, so the rest would be refused for no reason.
        guard isValid, node.hasUnevaluated else { return isValid }
        return checkUnevaluated(node, instance, &own)
    }

    private mutating func checkByType(
        _ node: SchemaNode,
        _ instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        switch instance {
        case .integer, .number:
            guard let keywords = node.numbers else { return true }
            return check(keywords, of: node, instance)
        case .string(let string):
            guard let keywords = node.strings else { return true }
            return check(keywords, of: node, string)
        case .array(let items):
            guard let keywords = node.arrays else { return true }
            return check(keywords, of: node, items, &own)
        case .object(let object):
            guard let keywords = node.objects else { return true }
            return check(keywords, of: node, object, instance, &own)
        case .null, .bool: return true
        }
    }

    /// Takes steps from the budget.
    ///
    /// - Returns: Whether there were enough.
    mutating func spend(_ steps: Int, at node: SchemaNode) -> Bool {
        stepsLeft -= steps
        guard stepsLeft < 0 else { return true }
        let maximum = program.limits.maximumSteps
        return undecide(node, nil, "validating takes more than \(maximum) steps")
    }

    /// Matches a pattern within what time is left for patterns.
    ///
    /// - Returns: Whether it matches, or `nil` when that is undecided.
    mutating func matches(_ pattern: Pattern, _ text: String, at node: SchemaNode, _ keyword: String) -> Bool? {
        let start = ContinuousClock.now
        defer { patternTimeLeft -= ContinuousClock.now - start }
        guard patternTimeLeft > .zero else {
            let maximum = program.limits.maximumPatternTime
            _ = undecide(node, keyword, "matching patterns takes more than \(maximum)")
            return nil
        }
        do {
            return try pattern.matches(text)
        } catch {
            let source = JSONValue.string(pattern.source).excerpt
            _ = undecide(node, keyword, "cannot tell whether the value matches \(source): \(error)")
            return nil
        }
    }

    /// Ends the validation without an answer.
    mutating func undecide(_ node: SchemaNode, _ keyword: String?, _ message: @autoclosure () -> String) -> Bool {
        if undecided == nil { undecided = violation(node, keyword, message()) }
        return false
    }
}
