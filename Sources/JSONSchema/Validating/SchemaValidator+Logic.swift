import JSON

extension SchemaValidator {
    mutating func apply(
        _ logic: SharedKeywords<LogicKeywords>,
        of node: SchemaNode,
        to instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        for target in targets(of: logic) {
            isValid = evaluate(target, instance, &own) && isValid
            guard isValid || wantsMore else { return false }
        }
        for schema in logic.allOf {
            isValid = evaluate(schema, instance, &own) && isValid
            guard isValid || wantsMore else { return false }
        }
        if !logic.anyOf.isEmpty { isValid = applyAnyOf(logic.anyOf, of: node, to: instance, &own) && isValid }
        if !logic.oneOf.isEmpty { isValid = applyOneOf(logic.oneOf, of: node, to: instance, &own) && isValid }
        guard isValid || wantsMore else { return false }
        if let schema = logic.not {
            var dropped = EvaluatedPositions(isTracked: false)
            if probe(schema, instance, &dropped) {
                isValid = fail(node, "not", "expected a value that does not fit \"not\", found \(instance.summary)")
            }
        }
        guard logic.condition != nil else { return isValid }
        return applyCondition(logic, to: instance, &own) && isValid
    }

    /// What the references of a schema lead to, from where the validation came.
    private func targets(of logic: SharedKeywords<LogicKeywords>) -> [SchemaNode.ID] {
        var targets: [SchemaNode.ID] = []
        if let reference = logic.reference { targets.append(program.targets[reference]) }
        if let dynamic = logic.dynamicReference { targets.append(target(of: dynamic)) }
        return targets
    }

    /// A dynamic reference that leads to a dynamic anchor leads to the outermost one of that name.
    private func target(of dynamic: LogicKeywords.DynamicReference) -> SchemaNode.ID {
        let target = program.targets[dynamic.reference]
        let resource = program.resources[program.nodes[target].resource]
        guard resource.dynamicAnchors[dynamic.anchor] == target else { return target }
        return scope.lazy.compactMap { program.resources[$0].dynamicAnchors[dynamic.anchor] }.first ?? target
    }

    private mutating func applyAnyOf(
        _ schemas: [SchemaNode.ID],
        of node: SchemaNode,
        to instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = false
        var reasons: [JSONSchemaViolation] = []
        for schema in schemas {
            let (fits, reason) = attempt(schema, instance, &own)
            isValid = isValid || fits
            if let reason { reasons.append(reason) }
            // The others matter only for what they evaluate.
            if isValid, !own.isTracked { return true }
        }
        return isValid || failAlternatives(node, "anyOf", schemas.count, reasons)
    }

    private mutating func applyOneOf(
        _ schemas: [SchemaNode.ID],
        of node: SchemaNode,
        to instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var fitting: [Int] = []
        var reasons: [JSONSchemaViolation] = []
        for (index, schema) in schemas.enumerated() {
            let (fits, reason) = attempt(schema, instance, &own)
            if fits { fitting.append(index) }
            if let reason { reasons.append(reason) }
        }
        switch fitting.count {
        case 1: return true
        case 0: return failAlternatives(node, "oneOf", schemas.count, reasons)
        default:
            let list = Self.list(fitting) { String($0) }
            let message = "expected to fit one alternative, fits those at \(list), found \(instance.summary)"
            return fail(node, "oneOf", message)
        }
    }

    private mutating func failAlternatives(
        _ node: SchemaNode,
        _ keyword: String,
        _ count: Int,
        _ reasons: [JSONSchemaViolation]
    ) -> Bool {
        guard wantsMore else { return false }
        let reasons = summary(of: reasons)
        return fail(node, keyword, "fits none of the \(count) alternatives: \(reasons)")
    }

    private mutating func applyCondition(
        _ logic: SharedKeywords<LogicKeywords>,
        to instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        guard let condition = logic.condition else { return true }
        let branch = probe(condition, instance, &own) ? logic.consequence : logic.alternative
        guard let branch, undecided == nil else { return undecided == nil }
        return evaluate(branch, instance, &own)
    }
}
