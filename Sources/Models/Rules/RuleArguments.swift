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
    func rendered(_ values: RuleTemplate.Values) -> JSONValue {
        switch self {
        case .text(let template): return .string(template.rendered(values))
        case .other(let value): return value
        case .array(let elements): return .array(elements.map { $0.rendered(values) })
        case .object(let members):
            var object = JSONObject()
            for member in members { object[member.key] = member.value.rendered(values) }
            return .object(object)
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
