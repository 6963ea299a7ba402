import JSON

extension SchemaValidator {
    /// Applies `unevaluatedItems` or `unevaluatedProperties` to what all other keywords have left.
    mutating func checkUnevaluated(
        _ node: SchemaNode,
        _ instance: JSONValue,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        switch instance {
        case .array(let items):
            guard let schema = node.arrays?.unevaluated else { return true }
            return check(items.lazy.enumerated().map { (String($0), $1) }, schema, "unevaluatedItems", of: node, &own)
        case .object(let object):
            guard let schema = node.objects?.unevaluated else { return true }
            return check(object.lazy.map { ($0.key, $0.value) }, schema, "unevaluatedProperties", of: node, &own)
        default: return true
        }
    }

    private mutating func check(
        _ parts: some Sequence<(String, JSONValue)>,
        _ schema: SchemaNode.ID,
        _ keyword: String,
        of node: SchemaNode,
        _ own: inout EvaluatedPositions
    ) -> Bool {
        var isValid = true
        let noun = keyword == "unevaluatedItems" ? "item" : "member"
        let allowsNothing = program.nodes[schema].verdict == false
        for (position, (token, value)) in parts.enumerated() where !own.contains(position) {
            let fits =
                allowsNothing
                ? failBelow(token, node, keyword, "unexpected \(noun), found \(value.summary)")
                : evaluate(schema, value, below: token)
            isValid = fits && isValid
            guard isValid || wantsMore else { return false }
        }
        own.insertAll()
        return isValid
    }
}
