import JSON
import Patterns

extension SchemaValidator {
    mutating func check(_ keywords: SharedKeywords<GeneralKeywords>, of node: SchemaNode, _ instance: JSONValue) -> Bool
    {
        var isValid = true
        if let types = keywords.types, types.isDisjoint(with: SchemaTypes(of: instance)) {
            isValid = fail(node, "type", "expected \(types.list), found \(instance.summary)")
            guard wantsMore else { return false }
        }
        if case .string(let string) = instance, !spend(string.weight, at: node) { return false }
        if let enumeration = keywords.enumeration, !enumeration.contains(instance) {
            let values = enumeration.values
            let expected = values.isEmpty ? "no values" : Self.list(values) { $0.excerpt }
            isValid = fail(node, "enum", "expected one of \(expected), found \(instance.summary)")
            guard wantsMore else { return false }
        }
        if let constant = keywords.constant, constant != instance {
            isValid = fail(node, "const", "expected \(constant.excerpt), found \(instance.summary)")
        }
        return isValid
    }

    mutating func check(_ keywords: SharedKeywords<NumberKeywords>, of node: SchemaNode, _ number: JSONValue) -> Bool {
        var isValid = true
        if let minimum = keywords.minimum, number.isLess(than: minimum) {
            isValid = fail(node, "minimum", "expected at least \(minimum), found \(number)")
        }
        if let maximum = keywords.maximum, maximum.isLess(than: number) {
            isValid = fail(node, "maximum", "expected at most \(maximum), found \(number)")
        }
        if let minimum = keywords.exclusiveMinimum, !minimum.isLess(than: number) {
            isValid = fail(node, "exclusiveMinimum", "expected more than \(minimum), found \(number)")
        }
        if let maximum = keywords.exclusiveMaximum, !number.isLess(than: maximum) {
            isValid = fail(node, "exclusiveMaximum", "expected less than \(maximum), found \(number)")
        }
        if let divisor = keywords.multipleOf, !Self.isMultiple(number, of: divisor) {
            isValid = fail(node, "multipleOf", "expected a multiple of \(divisor), found \(number)")
        }
        return isValid
    }

    private static func isMultiple(_ number: JSONValue, of divisor: JSONValue) -> Bool {
        if case .integer(let number) = number, case .integer(let divisor) = divisor, divisor > 0 {
            return number.isMultiple(of: divisor)
        }
        guard let number = DecimalNumber(number), let divisor = DecimalNumber(divisor) else { return false }
        return number.isMultiple(of: divisor)
    }

    mutating func check(_ keywords: SharedKeywords<StringKeywords>, of node: SchemaNode, _ string: String) -> Bool {
        guard spend(string.weight, at: node) else { return false }
        var isValid = true
        if keywords.minimumLength != nil || keywords.maximumLength != nil {
            let length = string.unicodeScalars.count
            if let minimum = keywords.minimumLength, length < minimum {
                isValid = fail(node, "minLength", Self.lengthMessage("at least", minimum, length, string))
            }
            if let maximum = keywords.maximumLength, length > maximum {
                isValid = fail(node, "maxLength", Self.lengthMessage("at most", maximum, length, string))
            }
            guard isValid || wantsMore else { return false }
        }
        guard let pattern = keywords.pattern else { return isValid }
        guard let isMatch = matches(pattern, string, at: node, "pattern") else { return false }
        guard !isMatch else { return isValid }
        let found = JSONValue.string(string).summary
        let expected = JSONValue.string(pattern.source).excerpt
        return fail(node, "pattern", "expected a string that matches the pattern \(expected), found \(found)")
    }

    private static func lengthMessage(_ bound: String, _ limit: Int, _ length: Int, _ string: String) -> String {
        "expected \(bound) \(count(limit, "character")), found \(length) in \(JSONValue.string(string).excerpt)"
    }
}
