import JSON

extension SchemaValidator {
    /// Records a violation if violations are collected.
    ///
    /// Kept out of line, and so the messages: the functions around it recurse and their stack frames must stay small.
    ///
    /// - Parameter keyword: The keyword that refused the value, or `nil` for the schema itself.
    /// - Returns: `false`, for the caller to return.
    @inline(never)
    mutating func fail(_ node: SchemaNode, _ keyword: String?, _ message: @autoclosure () -> String) -> Bool {
        guard wantsMore else { return false }
        let violation = violation(node, keyword, message())
        stepsLeft -= 16 + violation.instancePath.weight
        violations.append(violation)
        return false
    }

    func violation(_ node: SchemaNode, _ keyword: String?, _ message: String) -> JSONSchemaViolation {
        JSONSchemaViolation(
            instancePath: instancePath.map { "/" + JSONPointer.escape($0) }.joined(),
            schemaPath: (keyword.map { node.location.appending($0) } ?? node.location).description,
            keyword: keyword ?? "false",
            message: message
        )
    }

    /// Applies a subschema to a part of the value.
    mutating func evaluate(_ id: SchemaNode.ID, _ instance: JSONValue, below token: @autoclosure () -> String) -> Bool {
        let isCollecting = isCollecting
        if isCollecting { instancePath.append(token()) }
        var evaluated = EvaluatedPositions(isTracked: false)
        let isValid = evaluate(id, instance, &evaluated)
        if isCollecting { instancePath.removeLast() }
        return isValid
    }

    /// Applies a subschema only to learn whether the value fits.
    mutating func probe(_ id: SchemaNode.ID, _ instance: JSONValue, _ evaluated: inout EvaluatedPositions) -> Bool {
        let limit = violationLimit
        violationLimit = 0
        defer { violationLimit = limit }
        return evaluate(id, instance, &evaluated)
    }

    /// Applies an alternative: its first violation matters only if no other alternative fits.
    mutating func attempt(
        _ id: SchemaNode.ID,
        _ instance: JSONValue,
        _ evaluated: inout EvaluatedPositions
    ) -> (isValid: Bool, violation: JSONSchemaViolation?) {
        guard isCollecting else { return (evaluate(id, instance, &evaluated), nil) }
        let (outer, limit) = (violations, violationLimit)
        (violations, violationLimit) = ([], 1)
        defer { (violations, violationLimit) = (outer, limit) }
        return (evaluate(id, instance, &evaluated), violations.first)
    }

    /// The violations of alternatives in one text, their paths seen from here.
    func summary(of violations: [JSONSchemaViolation]) -> String {
        let here = instancePath.map { "/" + JSONPointer.escape($0) }.joined()
        let shown = violations.prefix(5).map { violation in
            let path = Substring(violation.instancePath.utf8.dropFirst(here.utf8.count))
            return (path.isEmpty ? violation.message : "\(path): \(violation.message)").shortened(to: 160)
        }
        return shown.joined(separator: "; ") + (violations.count > shown.count ? "; …" : "")
    }

    /// The first few of many things in one text, for messages.
    static func list<T>(_ things: some Collection<T>, _ text: (T) -> String) -> String {
        let list = things.prefix(10).map(text).joined(separator: ", ")
        return things.count > 10 ? "\(list) and \(things.count - 10) more" : list
    }

    /// A count with its noun.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    static func list(keys: some Collection<String>) -> String {
        list(keys, quote)
    }

    static func quote(_ key: String) -> String {
        JSONValue.string(key).excerpt
    }
}
