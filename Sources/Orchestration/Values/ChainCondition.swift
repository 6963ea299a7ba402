internal import Definitions
internal import JSON
internal import JSONSchema

/// What has to hold for an edge to be taken.
enum ChainCondition: Sendable {
    /// A reference is true, or is not.
    case truth(ChainReference, isNegated: Bool)
    /// Every reference fits its schema; one that stands for nothing does not.
    case schemas([(reference: ChainReference, schema: JSONSchema)])

    init(_ value: JSONValue, place: String) throws(ChainError) {
        do throws(TemplateError) {
            if let text = value.stringValue {
                let isNegated = text.hasPrefix("not ")
                let rest = (isNegated ? text.dropFirst(4) : text[...]).drop { $0 == " " }
                guard rest.hasPrefix("{{"), rest.hasSuffix("}}"), rest.utf8.count > 4 else {
                    throw TemplateError("expected {{…}} or not {{…}}")
                }
                self = .truth(try ChainReference(rest.dropFirst(2).dropLast(2)), isNegated: isNegated)
                return
            }
            var schemas: [(reference: ChainReference, schema: JSONSchema)] = []
            for member in value.objectValue ?? [:] {
                let name = member.key.hasPrefix("{{") ? member.key.dropFirst(2).dropLast(2) : member.key[...]
                schemas.append((try ChainReference(name), try Self.schema(member.value)))
            }
            self = .schemas(schemas)
        } catch {
            throw ChainError(place, error.message)
        }
    }

    private static func schema(_ value: JSONValue) throws(TemplateError) -> JSONSchema {
        do throws(JSONSchemaError) { return try JSONSchema(value) } catch {
            throw TemplateError("is no JSON Schema")
        }
    }

    /// Whether it holds.
    func holds(in scope: ChainScope) -> Bool {
        switch self {
        case .truth(let reference, let isNegated): Self.isTrue(reference.value(in: scope)) != isNegated
        case .schemas(let schemas):
            schemas.allSatisfy { reference, schema in reference.value(in: scope).map(schema.accepts) ?? false }
        }
    }

    /// null, false, 0 and what is empty count as not true.
    private static func isTrue(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .bool(false)?: false
        case .integer(let number)?: number != 0
        case .number(let number)?: number != 0
        case .string(let text)?: !text.isEmpty
        case .array(let items)?: !items.isEmpty
        case .object(let object)?: !object.isEmpty
        case .bool(true)?: true
        }
    }
}
