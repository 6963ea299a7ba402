package import JSON
internal import JSONSchema

/// A key of the state that the nodes of a chain share.
package struct StateKey: Sendable {
    /// How what several nodes write becomes one value.
    package enum Reducer: String, Sendable, Hashable, CaseIterable {
        /// The last counts.
        case replace
        /// The first counts.
        case first
        /// A list of all; a list is appended item by item.
        case append
        /// An object with the members of all; of the same member the last.
        case merge
        /// The sum.
        case add
        case min, max
        /// A list of all that are different.
        case union
    }

    /// How what several nodes write becomes one value.
    package let reducer: Reducer

    /// The value before any node has written.
    package let initial: JSONValue?

    private let schema: JSONSchema?

    init(_ value: JSONValue, name: String) throws(ChainError) {
        reducer = value["reduce"]?.stringValue.flatMap(Reducer.init(rawValue:)) ?? .replace
        initial = value["default"]
        do throws(JSONSchemaError) {
            schema = try value["schema"].map { (schema) throws(JSONSchemaError) in try JSONSchema(schema) }
        } catch {
            throw ChainError("state.\(name)", "is no JSON Schema")
        }
    }

    /// Why a value cannot be written; nil if it can.
    func problem(with value: JSONValue) -> String? {
        let written =
            switch reducer {
            case .append, .union: value.arrayValue == nil ? JSONValue.array([value]) : value
            default: value
            }
        switch reducer {
        case .add, .min, .max: if value.numberValue == nil { return "expected a number, found \(value.summary)" }
        case .merge: if value.objectValue == nil { return "expected an object, found \(value.summary)" }
        case .replace, .first, .append, .union: break
        }
        return schema?.validate(written, limit: 1).first?.description
    }

    /// What a key holds after a value was written.
    func reduced(_ old: JSONValue?, _ value: JSONValue) -> JSONValue {
        let items = value.arrayValue ?? [value]
        switch (reducer, old) {
        case (.append, _): return .array((old?.arrayValue ?? []) + items)
        case (.union, _):
            var all = old?.arrayValue ?? []
            for item in items where !all.contains(item) { all.append(item) }
            return .array(all)
        case (.replace, _), (_, nil): return value
        case (.first, let old?): return old
        case (.merge, let old?):
            var object = old.objectValue ?? [:]
            for member in value.objectValue ?? [:] { object[member.key] = member.value }
            return .object(object)
        case (.add, let old?): return Self.sum(old, value)
        case (.min, let old?): return (value.numberValue ?? .infinity) < (old.numberValue ?? .infinity) ? value : old
        case (.max, let old?): return (value.numberValue ?? -.infinity) > (old.numberValue ?? -.infinity) ? value : old
        }
    }

    private static func sum(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        if case (.integer(let a), .integer(let b)) = (left, right) {
            let (sum, overflow) = a.addingReportingOverflow(b)
            if !overflow { return .integer(sum) }
        }
        return .number((left.numberValue ?? 0) + (right.numberValue ?? 0))
    }
}
