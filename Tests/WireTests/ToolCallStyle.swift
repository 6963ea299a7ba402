import JSON

@testable import Conversation
@testable import Wire

/// How a server writes tool calls into a stream.
enum ToolCallStyle: CaseIterable {
    /// As the protocol says: index always, id and name with the first fragment; the fragments of calls are mixed.
    case indexed
    /// Index 0 for all, ids and names with the first fragment.
    case zeroWithIDs
    /// Index 0 for all, no ids.
    case zeroWithoutIDs
    /// Index 0 for all, ids that are empty.
    case zeroWithEmptyIDs
    /// Index 0 for all, an id of its own for each fragment.
    case zeroWithUnstableIDs
    /// Index 0 for all, id and name with each fragment.
    case zeroRepeated
    /// Index 0 for all, the name with each fragment, no ids.
    case zeroNamed
    /// An id of its own and the name with each fragment, and the right index.
    case unstable
    /// No index, an id with the first fragment.
    case idFirst
    /// No index, the id with each fragment; the fragments of calls are mixed.
    case idAlways
    /// No index, no id.
    case bare

    var isMixed: Bool { self == .indexed || self == .idAlways || self == .unstable }

    private var hasID: Bool {
        switch self {
        case .zeroWithoutIDs, .zeroWithEmptyIDs, .zeroNamed, .bare, .zeroWithUnstableIDs, .unstable: false
        default: true
        }
    }

    /// Whether the ids that were meant can be known.
    var keepsIDs: Bool { hasID }

    /// A fragment of a call as such a server writes it.
    func fragment(of call: ToolCallRequest, at place: Int, number: Int, arguments: String) -> JSONValue {
        let isFirst = number == 0
        var fragment: JSONObject = [:]
        switch self {
        case .indexed, .unstable: fragment["index"] = .integer(Int64(place))
        case .idFirst, .idAlways, .bare: break
        default: fragment["index"] = 0
        }
        switch self {
        case .indexed, .zeroWithIDs, .idFirst: if isFirst { fragment["id"] = .string(call.id) }
        case .zeroRepeated, .idAlways: fragment["id"] = .string(call.id)
        case .zeroWithEmptyIDs: fragment["id"] = ""
        case .zeroWithUnstableIDs, .unstable: fragment["id"] = .string("f\(place)-\(number)")
        case .zeroWithoutIDs, .zeroNamed, .bare: break
        }
        var function: JSONObject = [:]
        let isNamed = isFirst || self == .zeroRepeated || self == .zeroNamed || self == .unstable
        if isNamed { function["name"] = .string(call.name) }
        function["arguments"] = .string(arguments)
        fragment["function"] = .object(function)
        return .object(fragment)
    }
}
