internal import Conversation
internal import JSON

/// Puts the tool calls of one answer together from their fragments.
///
/// Servers number calls, number them all 0, or do not number them; they give each call an id, each fragment one of its
/// own, or none; and they name the tool once or with every fragment. ``placement(of:)`` decides where a fragment belongs:
/// by its index, then by whether the arguments of that call are whole, then by its id.
struct ToolCallAssembler: Sendable {
    private struct Call {
        let index: Int64?
        var id: String
        var name = ""
        var arguments = ""
        var extent = JSONExtent()
        var others: JSONObject = [:]
        /// The id of a fragment that named the tool again after the arguments were whole, and brought none itself.
        var repeatedID: String?

        var isWithoutArguments: Bool { arguments.utf8.allSatisfy(\.isJSONWhitespace) }
    }

    /// Where a fragment belongs.
    private enum Placement {
        /// It begins a call.
        case begins
        /// It is a part of the call at a place.
        case belongs(Int)
        /// It names a whole call again. What follows decides whether it began another call of the same tool.
        case repeats(Int)
    }

    /// Most bytes of a name.
    private static let longestName = 256
    /// Most bytes of an id: gateways keep a model's signature in it, which has to come back as it was.
    private static let longestID = 65_536

    private let maximumCount: Int
    private let toolNames: Set<String>
    private var calls: [Call] = []

    /// An assembler for the calls of one answer.
    ///
    /// - Parameters:
    ///   - maximumCount: Most calls.
    ///   - toolNames: The names of the tools on offer, which tell a name that comes in pieces from two names.
    init(maximumCount: Int, toolNames: Set<String> = []) {
        self.maximumCount = maximumCount
        self.toolNames = toolNames
    }

    /// Whether there is no call.
    var isEmpty: Bool { calls.isEmpty }

    /// Takes a fragment.
    ///
    /// - Returns: The name of the call if it became known with this fragment.
    /// - Throws: ``ServerAnswerError`` if a name or id is too long or there are too many calls.
    mutating func consume(_ fragment: ToolCallFragment) throws(ServerAnswerError) -> String? {
        guard fragment.name.utf8.count <= Self.longestName else {
            throw .malformedCall("a name is longer than \(Self.longestName) bytes")
        }
        guard fragment.id.utf8.count <= Self.longestID else {
            throw .malformedCall("an id is longer than \(Self.longestID) bytes")
        }
        switch placement(of: fragment) {
        case .begins: return try begin(with: fragment)
        case .belongs(let place): return try append(fragment, to: place)
        case .repeats(let place):
            calls[place].repeatedID = fragment.id
            return nil
        }
    }

    private mutating func begin(with fragment: ToolCallFragment) throws(ServerAnswerError) -> String? {
        guard calls.count < maximumCount else {
            throw .tooLarge("the answer asks for more than \(maximumCount) tool calls")
        }
        var fragment = fragment
        if let place = candidate(for: fragment), let id = calls[place].repeatedID {
            // The call was named before its arguments came.
            if fragment.name.isEmpty { fragment.name = calls[place].name }
            if fragment.id.isEmpty { fragment.id = id }
            calls[place].repeatedID = nil
        }
        calls.append(Call(index: fragment.index, id: fragment.id))
        return try append(fragment, to: calls.count - 1)
    }

    private mutating func append(_ fragment: ToolCallFragment, to place: Int) throws(ServerAnswerError)
        -> String?
    {
        let isNamed = calls[place].name.isEmpty && !fragment.name.isEmpty
        if calls[place].id.isEmpty { calls[place].id = fragment.id }
        // Names come whole with the first fragment; some servers repeat them with each, some send them in pieces.
        if fragment.name != calls[place].name { calls[place].name += fragment.name }
        guard calls[place].name.utf8.count <= Self.longestName else {
            throw .malformedCall("a name is longer than \(Self.longestName) bytes")
        }
        calls[place].arguments += fragment.arguments
        calls[place].extent.consume(fragment.arguments)
        for other in fragment.others { calls[place].others[other.key] = other.value }
        return isNamed ? calls[place].name : nil
    }
}

// MARK: - Where a fragment belongs

extension ToolCallAssembler {
    private func placement(of fragment: ToolCallFragment) -> Placement {
        guard let place = candidate(for: fragment) else { return .begins }
        let call = calls[place]
        if call.repeatedID != nil, !fragment.isWithoutArguments { return .begins }
        // Only a name begins a call.
        guard !fragment.name.isEmpty, !call.name.isEmpty else { return .belongs(place) }
        if call.extent.isWhole {
            return fragment.name == call.name && fragment.isWithoutArguments ? .repeats(place) : .begins
        }
        return fragment.name == call.name || isPieceOfName(fragment, of: call) ? .belongs(place) : .begins
    }

    /// The call that a fragment belongs to, unless it begins another one.
    private func candidate(for fragment: ToolCallFragment) -> Int? {
        if let index = fragment.index { return calls.lastIndex { $0.index == index } }
        if !fragment.id.isEmpty, let place = calls.lastIndex(where: { $0.id == fragment.id }) { return place }
        return fragment.id.isEmpty || fragment.name.isEmpty ? calls.indices.last : nil
    }

    /// Whether a name continues that of a call, and is not another tool's.
    private func isPieceOfName(_ fragment: ToolCallFragment, of call: Call) -> Bool {
        guard call.isWithoutArguments, fragment.index != nil || !fragment.id.isEmpty else { return false }
        guard fragment.id.isEmpty || call.id.isEmpty || fragment.id == call.id else { return false }
        let areTwoTools = toolNames.contains(call.name) && toolNames.contains(fragment.name)
        return !areTwoTools || toolNames.contains(call.name + fragment.name)
    }
}

// MARK: - The end

extension ToolCallAssembler {
    /// The calls, in the order in which they began, each with an id of its own.
    ///
    /// - Parameters:
    ///   - reasoning: Members beside those of the message.
    ///   - makeID: Makes an id for a call that has none.
    /// - Throws: ``ServerAnswerError/malformed(_:)`` if a call has no name.
    func finish(
        beside reasoning: JSONObject,
        makeID: () -> String
    ) throws(ServerAnswerError) -> [ToolCallRequest] {
        var ids: Set<String> = []
        var requests: [ToolCallRequest] = []
        for (position, call) in calls.enumerated() {
            guard !call.name.isEmpty else { throw .malformedCall("a tool call has no name") }
            var id = call.id.isEmpty ? makeID() : call.id
            if !ids.insert(id).inserted {
                id += "_\(position)"
                ids.insert(id)
            }
            var request = ToolCallRequest(id: id, name: call.name, arguments: call.arguments.storableArguments)
            let message = position == 0 ? reasoning : [:]
            if !call.others.isEmpty || !message.isEmpty {
                request.native = NativeCall(call: call.others.joiningSurrogates, message: message.joiningSurrogates)
            }
            requests.append(request)
        }
        return requests
    }
}
