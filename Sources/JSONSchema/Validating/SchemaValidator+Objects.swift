import JSON

extension SchemaValidator {
    mutating func check(
        _ keywords: SharedKeywords<ObjectKeywords>,
        of node: SchemaNode,
        _ object: JSONObject,
        _ instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = checkPresence(keywords, of: node, object)
        guard isValid || wantsMore else { return false }
        if keywords.appliesToMembers {
            for (position, member) in object.enumerated() {
                guard spend(1 + member.key.weight, at: node) else { return false }
                isValid = check(member, at: position, keywords, of: node, &own) && isValid
                guard isValid || wantsMore else { return false }
            }
        }
        for dependent in keywords.dependentSchemas where object.position(of: dependent.key) != nil {
            isValid = evaluate(dependent.schema, instance, &own) && isValid
            guard isValid || wantsMore else { return false }
        }
        return isValid
    }

    private mutating func checkPresence(
        _ keywords: SharedKeywords<ObjectKeywords>,
        of node: SchemaNode,
        _ object: JSONObject
    ) -> Bool {
        var isValid = true
        for key in keywords.required where object.position(of: key) == nil {
            let found = object.isEmpty ? "an empty object" : Self.list(keys: object.lazy.map(\.key))
            isValid = fail(node, "required", "required member \(Self.quote(key)) is missing, found \(found)")
            guard wantsMore else { return false }
        }
        for dependency in keywords.dependencies where object.position(of: dependency.key) != nil {
            for key in dependency.required where object.position(of: key) == nil {
                let message = "member \(Self.quote(dependency.key)) requires \(Self.quote(key)), which is missing"
                isValid = fail(node, "dependentRequired", message)
                guard wantsMore else { return false }
            }
        }
        if let minimum = keywords.minimumMembers, object.count < minimum {
            let expected = Self.count(minimum, "member")
            isValid = fail(node, "minProperties", "expected at least \(expected), found \(object.count)")
        }
        if let maximum = keywords.maximumMembers, object.count > maximum {
            let expected = Self.count(maximum, "member")
            isValid = fail(node, "maxProperties", "expected at most \(expected), found \(object.count)")
        }
        return isValid
    }

    /// Applies to a member all schemas that its key selects.
    private mutating func check(
        _ member: JSONObject.Member,
        at position: Int,
        _ keywords: SharedKeywords<ObjectKeywords>,
        of node: SchemaNode,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        if let names = keywords.names { isValid = checkName(of: member, names, of: node) }
        var isSelected = false
        if let schema = keywords.properties[JSONObjectKey(member.key)] {
            isSelected = true
            isValid = evaluate(schema, member.value, below: member.key) && isValid
        }
        for property in keywords.patternProperties {
            guard let isMatch = matches(property.pattern, member.key, at: node, "patternProperties") else {
                return false
            }
            guard isMatch else { continue }
            isSelected = true
            isValid = evaluate(property.schema, member.value, below: member.key) && isValid
        }
        if !isSelected, let schema = keywords.additional {
            isSelected = true
            isValid = checkAdditional(member, schema, keywords, of: node) && isValid
        }
        if isSelected { own.insert(position) }
        return isValid
    }

    private mutating func checkName(of member: JSONObject.Member, _ names: SchemaNode.ID, of node: SchemaNode) -> Bool {
        var dropped = EvaluatedPositions(isTracked: false)
        let (isValid, reason) = attempt(names, .string(member.key), &dropped)
        if isValid { return true }
        let message = reason.map(\.message) ?? ""
        return fail(node, "propertyNames", "the key \(Self.quote(member.key)) does not fit: \(message)")
    }

    /// Applies `additionalProperties`; where that allows nothing, the message names what is allowed.
    private mutating func checkAdditional(
        _ member: JSONObject.Member,
        _ schema: SchemaNode.ID,
        _ keywords: SharedKeywords<ObjectKeywords>,
        of node: SchemaNode
    ) -> Bool {
        guard program.nodes[schema].verdict == false else {
            return evaluate(schema, member.value, below: member.key)
        }
        let known = keywords.propertyNames.isEmpty ? "none" : Self.list(keys: keywords.propertyNames)
        return failBelow(member.key, node, "additionalProperties", "unexpected member, known members: \(known)")
    }

    /// Records a violation of a member instead of the object.
    mutating func failBelow(
        _ token: String,
        _ node: SchemaNode,
        _ keyword: String,
        _ message: @autoclosure () -> String
    ) -> Bool {
        guard wantsMore else { return false }
        instancePath.append(token)
        defer { instancePath.removeLast() }
        return fail(node, keyword, message())
    }
}
