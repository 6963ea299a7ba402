import Conversation
internal import JSON

/// A JSON value in whose strings `{{…}}` stands for values.
///
/// A string that is one reference and nothing else becomes the value as it is; within a text, a value becomes text. What
/// is put in is never looked at again: a result that contains `{{…}}` stays what it is.
struct PipelineTemplate: Sendable {
    private enum Part: Sendable {
        case text(String)
        case reference(PipelineReference)
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
    ///   - steps: The names of the steps before.
    /// - Throws: ``ToolError/Code/configuration`` for a reference to nothing.
    init(_ value: JSONValue, steps: [String]) throws(ToolError) {
        root = try Self.node(value, steps)
    }

    private static func node(_ value: JSONValue, _ steps: [String]) throws(ToolError) -> Node {
        switch value {
        case .string(let text): return .text(try parts(of: text, steps))
        case .array(let items):
            var nodes: [Node] = []
            for item in items { nodes.append(try node(item, steps)) }
            return .array(nodes)
        case .object(let object):
            var nodes: [(String, Node)] = []
            for member in object { nodes.append((member.key, try node(member.value, steps))) }
            return .object(nodes)
        default: return .value(value)
        }
    }

    private static func parts(of text: String, _ steps: [String]) throws(ToolError) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
                throw ToolError(.configuration, "a {{ is not closed")
            }
            if start.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<start.lowerBound]))) }
            parts.append(.reference(try PipelineReference(rest[start.upperBound..<end.lowerBound], steps: steps)))
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    /// The value with everything in its place.
    ///
    /// - Returns: nil if the whole value is an argument of the pipeline that was not given.
    /// - Throws: ``ToolError/Code/failed`` if a reference leads to nothing, or everything together is too much.
    package func value(in state: PipelineState) throws(ToolError) -> JSONValue? {
        // Few references to large values make much more than a call's arguments may have.
        var room = ToolRouter.maximumArgumentBytes
        return try Self.value(root, state, &room)
    }

    /// Stands in a preview for what is not known yet; no text of a model's is taken for it, as that only makes rules stricter.
    static let gap = "\u{FFFC}"

    /// The value as far as it is known before the first step has run; ``gap`` stands for what is not.
    func preview(for input: JSONValue) -> JSONValue {
        var room = ToolRouter.maximumArgumentBytes
        let state = PipelineState(input: input)
        do throws(ToolError) {
            return try Self.value(root, state, &room, gap: .string(Self.gap)) ?? [:]
        } catch {
            // Too much, or an argument is missing: the step will fail before it does anything.
            return [:]
        }
    }

    private static func spend(_ bytes: Int, of room: inout Int) throws(ToolError) {
        room -= bytes
        guard room >= 0 else {
            throw ToolError(.failed, "The arguments would have more than \(ToolRouter.maximumArgumentBytes) bytes.")
        }
    }

    private static func value(
        _ node: Node,
        _ state: PipelineState,
        _ room: inout Int,
        gap: JSONValue? = nil
    ) throws(ToolError) -> JSONValue? {
        switch node {
        case .value(let value): return value
        case .text(let parts): return try value(parts, state, &room, gap)
        case .array(let nodes):
            var items: [JSONValue] = []
            for node in nodes { if let item = try value(node, state, &room, gap: gap) { items.append(item) } }
            return .array(items)
        case .object(let nodes):
            var object = JSONObject()
            for (key, node) in nodes { object[key] = try value(node, state, &room, gap: gap) }
            return .object(object)
        }
    }

    private static func value(
        _ parts: [Part],
        _ state: PipelineState,
        _ room: inout Int,
        _ gap: JSONValue?
    ) throws(ToolError) -> JSONValue? {
        func value(of reference: PipelineReference) -> JSONValue? {
            reference.value(in: state) ?? (reference.root == .input ? nil : gap)
        }
        if parts.count == 1, case .reference(let reference) = parts[0] {
            if let value = value(of: reference) {
                try spend(value.text.utf8.count, of: &room)
                return value
            }
            // An argument that need not be given is not handed on.
            if reference.root == .input { return nil }
            throw missing(reference)
        }
        var text = ""
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .reference(let reference):
                guard let value = value(of: reference) else { throw missing(reference) }
                let inserted = value.stringValue ?? value.text
                try spend(inserted.utf8.count, of: &room)
                text += inserted
            }
        }
        return .string(text)
    }

    private static func missing(_ reference: PipelineReference) -> ToolError {
        ToolError(.failed, "\(reference) stands for nothing: no such member, or the step was left out.")
    }
}
