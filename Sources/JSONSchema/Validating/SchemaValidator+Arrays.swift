import JSON

extension SchemaValidator {
    mutating func check(
        _ keywords: SharedKeywords<ArrayKeywords>,
        of node: SchemaNode,
        _ items: [JSONValue],
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        if let minimum = keywords.minimumItems, items.count < minimum {
            isValid = fail(node, "minItems", "expected at least \(Self.count(minimum, "item")), found \(items.count)")
        }
        if let maximum = keywords.maximumItems, items.count > maximum {
            isValid = fail(node, "maxItems", "expected at most \(Self.count(maximum, "item")), found \(items.count)")
        }
        guard isValid || wantsMore else { return false }
        if keywords.hasUniqueItems { isValid = checkUniqueness(of: items, node) && isValid }
        guard isValid || wantsMore else { return false }
        isValid = checkItems(keywords, items, &own) && isValid
        guard isValid || wantsMore else { return false }
        if let schema = keywords.contains {
            isValid = checkContains(schema, keywords, of: node, items, &own) && isValid
        }
        return isValid
    }

    /// Looks each item up among those before it by its hash, so that long arrays take no longer an item than short ones.
    private mutating func checkUniqueness(of items: [JSONValue], _ node: SchemaNode) -> Bool {
        guard spend(items.reduce(0) { $0 + $1.weight }, at: node) else { return false }
        var positions: [JSONValue: Int] = [:]
        for (index, item) in items.enumerated() {
            guard let other = positions.updateValue(index, forKey: item) else { continue }
            let message = "expected different items, found \(item.summary) at \(other) and at \(index)"
            return fail(node, "uniqueItems", message)
        }
        return true
    }

    private mutating func checkItems(
        _ keywords: SharedKeywords<ArrayKeywords>,
        _ items: [JSONValue],
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        for (index, item) in items.enumerated() {
            let schema = index < keywords.prefixItems.count ? keywords.prefixItems[index] : keywords.items
            guard let schema else { break }
            isValid = evaluate(schema, item, below: String(index)) && isValid
            own.insert(index)
            guard isValid || wantsMore else { return false }
        }
        if keywords.items != nil { own.insertAll() }
        return isValid
    }

    private mutating func checkContains(
        _ schema: SchemaNode.ID,
        _ keywords: SharedKeywords<ArrayKeywords>,
        of node: SchemaNode,
        _ items: [JSONValue],
        _ own: inout EvaluatedPositions
    ) -> Bool {
        let minimum = keywords.minimumContains ?? 1
        var count = 0
        for (index, item) in items.enumerated() {
            var dropped = EvaluatedPositions(isTracked: false)
            guard probe(schema, item, &dropped) else { continue }
            count += 1
            own.insert(index)
            if count >= minimum, keywords.maximumContains == nil, !own.isTracked { return true }
        }
        if count < minimum {
            let keyword = keywords.minimumContains == nil ? "contains" : "minContains"
            let expected = Self.count(minimum, "item")
            return fail(node, keyword, "expected at least \(expected) that fit \"contains\", found \(count)")
        }
        if let maximum = keywords.maximumContains, count > maximum {
            let expected = Self.count(maximum, "item")
            return fail(node, "maxContains", "expected at most \(expected) that fit \"contains\", found \(count)")
        }
        return true
    }
}
