package import JSON

/// Something that a tool was refused for safety's sake, or that a guardrail has found, as it is stored.
///
/// A host that is not allowed, a path that leads out of the workspace. What code in the sandbox tried stands in ``FunctionCallRecord/violations``.
package struct SecurityEventRecord: Sendable, Hashable {
    /// What was tried.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A path that is not in the workspace, or may not be written.
        case deniedPath = "denied_path"
        /// A host or an address that is not allowed.
        case deniedHost = "denied_host"
        /// A statement that the restricted role may not run.
        case deniedStatement = "denied_statement"
        /// What a guardrail has found.
        case guardrail
    }

    /// What was tried.
    package let kind: Kind
    /// The tool; empty when a guardrail looked at a message.
    package let tool: String
    /// The path, host or statement, bounded.
    package let detail: String
    /// The model's name for the tool call; nil outside of a turn.
    package let callID: String?
    /// What a guardrail has found; nil for other kinds.
    package let hit: GuardrailHit?

    /// An event.
    package init(_ kind: Kind, tool: String, detail: String, callID: String?) {
        self.kind = kind
        self.tool = tool
        self.detail = detail
        self.callID = callID
        hit = nil
    }

    /// What a guardrail has found.
    ///
    /// - Parameters:
    ///   - hit: What it is.
    ///   - tool: The tool that returned it; nil for a message.
    ///   - callID: The model's name for the call.
    package init(_ hit: GuardrailHit, tool: String?, callID: String?) {
        kind = .guardrail
        self.hit = hit
        self.tool = tool ?? ""
        self.callID = callID
        detail = hit.detail
    }

    /// The record as `agentctl.record_security_events` reads it.
    package var json: JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "detail": .storable(detail),
        ]
        if !tool.isEmpty || hit == nil { object["tool"] = .storable(tool) }
        if let hit {
            object["guardrail"] = .string(hit.guardrail)
            object["guardrail_version"] = .integer(Int64(hit.version))
            object["place"] = .string(hit.place.rawValue)
            object["action"] = .string(hit.action.rawValue)
        }
        object["call_id"] = callID.map { .storable($0) }
        return .object(object)
    }
}
