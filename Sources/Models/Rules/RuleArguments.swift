import Definitions
internal import JSON

/// The arguments of a rule's call: a JSON value whose texts are templates.
indirect enum RuleArguments: Sendable {
    case text(RuleTemplate)
    case other(JSONValue)
    case array([RuleArguments])
    case object([(key: String, value: RuleArguments)])

    /// Reads arguments.
    ///
    /// - Parameters:
    ///   - value: The arguments in the document.
    ///   - reader: Told of texts that are no templates.
    ///   - key: The member of `reader`'s object that the problem is told about.
    init(_ value: JSONValue, reader: DocumentReader, key: String) {
        switch value {
        case .string(let source):
            do throws(RuleTemplate.Failure) {
                self = .text(try RuleTemplate(source))
            } catch {
                reader.refuse(key, error.message)
                self = .other(value)
            }
        case .array(let elements):
            self = .array(elements.map { RuleArguments($0, reader: reader, key: key) })
        case .object(let members):
            self = .object(members.map { ($0.key, RuleArguments($0.value, reader: reader, key: key)) })
        default:
            self = .other(value)
        }
    }

    /// The arguments with every placeholder replaced.
    ///
    /// A text that is one capture and nothing else becomes the number or boolean that the schema wants there, if it is one.
    ///
    /// - Parameters:
    ///   - values: What the placeholders stand for.
    ///   - schema: What the value has to fit; nil if nothing is known.
    func rendered(_ values: RuleTemplate.Values, for schema: JSONValue? = nil) -> JSONValue {
        switch self {
        case .text(let template):
            let text = template.rendered(values)
            return template.isOneCapture ? Self.value(text, for: schema) : .string(text)
        case .other(let value): return value
        case .array(let elements): return .array(elements.map { $0.rendered(values, for: schema?["items"]) })
        case .object(let members):
            var object = JSONObject()
            for member in members {
                object[member.key] = member.value.rendered(values, for: schema?["properties"]?[member.key])
            }
            return .object(object)
        }
    }

    private static func value(_ text: String, for schema: JSONValue?) -> JSONValue {
        guard let type = schema?["type"] else { return .string(text) }
        let types = Set((type.arrayValue ?? [type]).compactMap(\.stringValue))
        guard !types.contains("string"), let value = try? JSONValue(parsing: text) else { return .string(text) }
        switch value {
        case .integer where !types.isDisjoint(with: ["integer", "number"]): return value
        case .number where types.contains("number"): return value
        case .bool where types.contains("boolean"): return value
        case .null where types.contains("null"): return value
        default: return .string(text)
        }
    }

    /// All templates in the arguments.
    package var templates: [RuleTemplate] {
        switch self {
        case .text(let template): [template]
        case .other: []
        case .array(let elements): elements.flatMap(\.templates)
        case .object(let members): members.flatMap(\.value.templates)
        }
    }
}
