import Conversation
internal import JSON

/// A JSON value whose strings are templates.
///
/// A string that is one place and nothing else becomes the argument as it is, number or object; if the argument is
/// missing, the member or item is left out.
struct ValueTemplate: Sendable {
    private indirect enum Node: Sendable {
        case value(JSONValue)
        case template(ParameterTemplate)
        case array([Node])
        case object([(String, Node)])
    }

    private let root: Node

    /// The names of the arguments that it has places for.
    package let parameters: [String]

    /// Reads a template.
    ///
    /// - Throws: ``ToolError/Code/configuration`` for a string that is no template.
    init(_ value: JSONValue) throws(ToolError) {
        var parameters: [String] = []
        root = try Self.node(value, &parameters)
        self.parameters = parameters
    }

    /// The value with the arguments in their places.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` if an argument within a text is missing.
    package func value(with arguments: JSONObject) throws(ToolError) -> JSONValue? {
        try Self.value(root, arguments)
    }

    private static func node(_ value: JSONValue, _ parameters: inout [String]) throws(ToolError) -> Node {
        switch value {
        case .string(let text):
            let template = try ParameterTemplate(text)
            parameters += template.parameters
            return .template(template)
        case .array(let items):
            var nodes: [Node] = []
            for item in items { nodes.append(try node(item, &parameters)) }
            return .array(nodes)
        case .object(let object):
            var nodes: [(String, Node)] = []
            for member in object { nodes.append((member.key, try node(member.value, &parameters))) }
            return .object(nodes)
        default: return .value(value)
        }
    }

    private static func value(_ node: Node, _ arguments: JSONObject) throws(ToolError) -> JSONValue? {
        switch node {
        case .value(let value): return value
        case .template(let template):
            if let name = template.onlyParameter { return arguments[name] }
            return .string(try template.text(with: arguments))
        case .array(let nodes):
            var items: [JSONValue] = []
            for node in nodes { if let item = try value(node, arguments) { items.append(item) } }
            return .array(items)
        case .object(let nodes):
            var object = JSONObject()
            for (key, node) in nodes { object[key] = try value(node, arguments) }
            return .object(object)
        }
    }
}
