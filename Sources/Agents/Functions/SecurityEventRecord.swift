public import JSON

/// Something that a tool was refused for safety's sake, as it is stored.
///
/// A host that is not allowed, a path that leads out of the workspace. What code in the sandbox tried stands in ``FunctionCallRecord/violations``.
public struct SecurityEventRecord: Sendable, Hashable {
    /// What was tried.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A path that is not in the workspace, or may not be written.
        case deniedPath = "denied_path"
        /// A host or an address that is not allowed.
        case deniedHost = "denied_host"
        /// A statement that the restricted role may not run.
        case deniedStatement = "denied_statement"
    }

    /// What was tried.
    public let kind: Kind
    /// The tool.
    public let tool: String
    /// The path, host or statement, bounded.
    public let detail: String
    /// The model's name for the tool call; nil outside of a turn.
    public let callID: String?

    /// An event.
    public init(_ kind: Kind, tool: String, detail: String, callID: String?) {
        self.kind = kind
        self.tool = tool
        self.detail = detail
        self.callID = callID
    }

    /// The record as `agentctl.record_security_events` reads it.
    public var json: JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "tool": .storable(tool), "detail": .storable(detail),
        ]
        object["call_id"] = callID.map { .storable($0) }
        return .object(object)
    }
}
