internal import Definitions
internal import JSON

/// What a place in a chain's template stands for: `input.x`, `nodes.name.y`, `state.k`.
struct ChainReference: TemplateReference {
    /// Where it begins.
    enum Root: Sendable, Hashable {
        /// What the chain was sent.
        case input
        /// The output of the last node before this one that succeeded.
        case previous
        /// The output of the node itself: in what it writes, and in conditions.
        case output
        /// A key of the state.
        case state(String)
        /// The output of a node before this one.
        case node(String)
        /// Of a map: the item of the list.
        case item
        /// Of a map: the number of the item, from 0.
        case index
        /// The last failure before this node: `code`, `message`, `node`.
        case error
        /// Which iteration of the innermost loop this is, from 1.
        case iteration
        /// The conversation: `id`, `seq`, `tenant`.
        case conversation
    }

    /// The reference as it is written.
    let description: String

    /// Where it begins.
    let root: Root

    private let tokens: [String]

    var isOptional: Bool { root == .input }

    /// Reads what stands between the braces.
    ///
    /// - Throws: ``TemplateError`` for a root that does not exist.
    init(_ text: some StringProtocol) throws(TemplateError) {
        let trimmed = text.split(separator: " ").joined(separator: " ")
        description = "{{\(trimmed)}}"
        var tokens = trimmed.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let first = tokens.removeFirst()
        guard !tokens.contains(""), !trimmed.contains(" ") else { throw Self.wrong(trimmed) }
        switch first {
        case "input": root = .input
        case "previous": root = .previous
        case "output": root = .output
        case "item": root = .item
        case "index": root = .index
        case "error": root = .error
        case "conversation": root = .conversation
        case "loop" where tokens == ["iteration"]:
            root = .iteration
            tokens = []
        case "state" where !tokens.isEmpty: root = .state(tokens.removeFirst())
        case "nodes" where !tokens.isEmpty: root = .node(tokens.removeFirst())
        default: throw Self.wrong(trimmed)
        }
        self.tokens = tokens
    }

    private static func wrong(_ text: String) -> TemplateError {
        TemplateError("{{\(text.prefix(utf8: 100))}} is no reference of a chain")
    }

    /// The value that it stands for; nil if there is none.
    func value(in scope: ChainScope) -> JSONValue? {
        var value = scope.value(of: root)
        for token in tokens {
            // What only says JSON is looked into as well.
            if let text = value?.stringValue { value = try? JSONValue(parsing: text) }
            value = value?.child(at: token)
        }
        return value
    }
}
