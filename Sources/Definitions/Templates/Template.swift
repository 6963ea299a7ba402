package import JSON

/// A JSON value in whose strings `{{…}}` stands for values.
///
/// A string that is one reference and nothing else becomes the value as it is; within a text, a value becomes text. What
/// is put in is never looked at again: a result that contains `{{…}}` stays what it is.
package struct Template<Reference: TemplateReference>: Sendable {
    private enum Part: Sendable {
        case text(String)
        case reference(Reference)
    }

    private indirect enum Node: Sendable {
        case value(JSONValue)
        case text([Part])
        case array([Node])
        case object([(String, Node)])
    }

    private let root: Node

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - read: Reads what stands between the braces.
    /// - Throws: ``TemplateError`` where a brace is not closed, and what `read` throws.
    package init(_ value: JSONValue, read: (Substring) throws(TemplateError) -> Reference) throws(TemplateError) {
        root = try Self.node(value, read)
    }

    private static func node(
        _ value: JSONValue,
        _ read: (Substring) throws(TemplateError) -> Reference
    ) throws(TemplateError) -> Node {
        switch value {
        case .string(let text): return .text(try parts(of: text, read))
        case .array(let items):
            var nodes: [Node] = []
            for item in items { nodes.append(try node(item, read)) }
            return .array(nodes)
        case .object(let object):
            var nodes: [(String, Node)] = []
            for member in object { nodes.append((member.key, try node(member.value, read))) }
            return .object(nodes)
        default: return .value(value)
        }
    }

    private static func parts(
        of text: String,
        _ read: (Substring) throws(TemplateError) -> Reference
    ) throws(TemplateError) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
                throw TemplateError("a {{ is not closed")
            }
            if start.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<start.lowerBound]))) }
            parts.append(.reference(try read(rest[start.upperBound..<end.lowerBound])))
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    /// The value with everything in its place.
    ///
    /// - Parameters:
    ///   - maximumBytes: Most bytes that references may put in, together: few references to large values make much more.
    ///   - lookUp: The value of a reference; nil where there is none.
    /// - Returns: nil if the whole value is a reference that need not stand for anything, and does not.
    /// - Throws: ``TemplateError`` if a reference stands for nothing, or everything together is too much.
    package func value(
        maximumBytes: Int,
        _ lookUp: (Reference) -> JSONValue?
    ) throws(TemplateError) -> JSONValue? {
        var filling = Filling(maximum: maximumBytes, room: maximumBytes)
        return try Self.value(root, &filling, lookUp)
    }

    private struct Filling {
        let maximum: Int
        var room: Int

        mutating func spend(_ bytes: Int) throws(TemplateError) {
            room -= bytes
            guard room >= 0 else { throw TemplateError("the values would have more than \(maximum) bytes") }
        }
    }

    private static func value(
        _ node: Node,
        _ filling: inout Filling,
        _ lookUp: (Reference) -> JSONValue?
    ) throws(TemplateError) -> JSONValue? {
        switch node {
        case .value(let value): return value
        case .text(let parts): return try value(of: parts, &filling, lookUp)
        case .array(let nodes):
            var items: [JSONValue] = []
            for node in nodes { if let item = try value(node, &filling, lookUp) { items.append(item) } }
            return .array(items)
        case .object(let nodes):
            var object = JSONObject()
            for (key, node) in nodes { object[key] = try value(node, &filling, lookUp) }
            return .object(object)
        }
    }

    private static func value(
        of parts: [Part],
        _ filling: inout Filling,
        _ lookUp: (Reference) -> JSONValue?
    ) throws(TemplateError) -> JSONValue? {
        if parts.count == 1, case .reference(let reference) = parts[0] {
            if let value = lookUp(reference) {
                try filling.spend(value.text.utf8.count)
                return value
            }
            if reference.isOptional { return nil }
            throw missing(reference)
        }
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .reference(let reference):
                guard let value = lookUp(reference) else { throw missing(reference) }
                let inserted = value.stringValue ?? value.text
                try filling.spend(inserted.utf8.count)
                text += inserted
            }
        }
        return .string(text)
    }

    private static func missing(_ reference: Reference) -> TemplateError {
        TemplateError("\(reference) stands for nothing")
    }
}
