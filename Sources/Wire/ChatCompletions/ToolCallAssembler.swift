internal import Conversation
internal import Definitions
internal import JSON

/// Puts the tool calls of one answer together from their fragments.
///
/// A fragment belongs to the call with its `index`. Some servers leave the index out or give every call the index 0;
/// there a new id begins a new call.
struct ToolCallAssembler {
    private struct Call {
        var index: Int64?
        var id: String
        var name = ""
        var arguments = ""
    }

    private let maximumCount: Int
    private var calls: [Call] = []

    /// An assembler for the calls of one answer.
    init(maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    /// Takes a fragment.
    ///
    /// - Parameters:
    ///   - fragment: An object of a delta's `tool_calls`.
    ///   - position: Its position among the fragments of the same delta.
    /// - Returns: The name of the call if it became known with this fragment.
    /// - Throws: ``ChatCompletionAnswerError`` if the fragment is malformed or there are too many calls.
    mutating func consume(_ fragment: JSONValue, position: Int) throws(ChatCompletionAnswerError) -> String? {
        let id = try text(fragment["id"], "id")
        let function = fragment["function"] ?? .null
        guard function.isNull || function.objectValue != nil else { throw malformed("function is no object") }
        let name = try text(function["name"], "name")
        let place = try place(index: fragment["index"]?.integerValue, id: id, name: name, position: position)

        let isNew = calls[place].name.isEmpty && !name.isEmpty
        if calls[place].id.isEmpty { calls[place].id = id }
        // Names come whole with the first fragment; some servers repeat them with each, some send them in pieces.
        if name != calls[place].name { calls[place].name += name }
        guard calls[place].name.utf8.count <= 256, calls[place].id.utf8.count <= 256 else {
            throw malformed("a name or id is longer than 256 bytes")
        }
        try appendArguments(function["arguments"], to: place)
        return isNew ? calls[place].name : nil
    }

    /// The place of the call that a fragment belongs to; a new place if it begins a call.
    private mutating func place(index: Int64?, id: String, name: String, position: Int)
        throws(ChatCompletionAnswerError) -> Int
    {
        if let place = existingPlace(index: index, id: id, name: name) { return place }
        guard calls.count < maximumCount else {
            throw .tooLarge("the answer asks for more than \(maximumCount) tool calls")
        }
        calls.append(Call(index: index, id: id))
        return calls.count - 1
    }

    private func existingPlace(index: Int64?, id: String, name: String) -> Int? {
        let place: Int?
        if let index {
            place = calls.lastIndex { $0.index == index }
        } else if !id.isEmpty {
            place = calls.lastIndex { $0.id == id }
        } else {
            // Without index and id only a name can begin a call.
            place = name.isEmpty ? calls.indices.last : nil
        }
        guard let place else { return nil }
        let isOther = !id.isEmpty && !calls[place].id.isEmpty && calls[place].id != id
        return isOther ? nil : place
    }

    private mutating func appendArguments(_ arguments: JSONValue?, to place: Int) throws(ChatCompletionAnswerError) {
        switch arguments {
        case nil, .null?: break
        case .string(let piece)?: calls[place].arguments += piece.withoutNullCharacters
        case .object(let object)?: calls[place].arguments += JSONValue.object(object).text
        default: throw malformed("arguments is no text")
        }
    }

    /// The calls, in the order in which they began, each with an id of its own.
    ///
    /// - Parameter answerID: The server's id of the answer, from which missing ids are made.
    /// - Throws: ``ChatCompletionAnswerError/malformed(_:)`` if a call has no name.
    func finish(answerID: String) throws(ChatCompletionAnswerError) -> [ToolCallRequest] {
        var ids: Set<String> = []
        var requests: [ToolCallRequest] = []
        for (position, call) in calls.enumerated() {
            guard !call.name.isEmpty else { throw malformed("a tool call has no name") }
            var id = call.id.isEmpty ? "call_\(answerID)_\(position)" : call.id
            if !ids.insert(id).inserted {
                id += "_\(position)"
                ids.insert(id)
            }
            requests.append(ToolCallRequest(id: id, name: call.name, arguments: call.arguments))
        }
        return requests
    }

    private func text(_ value: JSONValue?, _ name: String) throws(ChatCompletionAnswerError) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return text.withoutNullCharacters
        default: throw malformed("\(name) is no text")
        }
    }

    private func malformed(_ what: String) -> ChatCompletionAnswerError {
        .malformed("a tool call in the answer: \(what)")
    }
}
