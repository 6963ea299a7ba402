internal import Conversation
package import JSON

extension NodeRun {
    /// Reads an element of what `agentctl.turn_nodes` returns; nil if it is none.
    package init?(stored: JSONValue) {
        guard let node = stored["node"]?.stringValue, let visit = stored["visit"]?.integerValue,
            let level = stored["level"]?.integerValue,
            let status = stored["status"]?.stringValue.flatMap(Status.init(rawValue:))
        else { return nil }
        var writes: [String: JSONValue] = [:]
        for member in stored["writes"]?.objectValue ?? [:] { writes[member.key] = member.value }
        self.init(
            key: Key(node, Int(visit)),
            after: (stored["after"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(Key.init(text:)) },
            level: Int(level),
            status: status,
            input: stored["input"],
            output: stored["output"],
            writes: writes,
            choices: (stored["choices"]?.arrayValue ?? []).compactMap(\.stringValue),
            failure: stored["code"]?.stringValue.map { NodeFailure($0, stored["message"]?.stringValue ?? "") }
        )
    }

    /// The run as `agentctl.write_node_runs` reads it, but for what the machine does not know of it.
    package var json: JSONObject {
        var object: JSONObject = [
            "node": .string(key.node), "visit": .integer(Int64(key.visit)), "level": .integer(Int64(level)),
            "after": .array(after.map { .string($0.description) }), "status": .string(status.rawValue),
        ]
        object["input"] = input?.storable
        object["output"] = output?.storable
        if !writes.isEmpty {
            object["writes"] = .object(
                JSONObject(writes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.storable) })
            )
        }
        if !choices.isEmpty { object["choices"] = .array(choices.map { .string($0) }) }
        object["code"] = failure.map { .storable($0.code) }
        object["message"] = failure.map { .storable($0.message) }
        return object
    }
}

extension NodeRun.Key {
    /// Reads `node#visit`; nil if the text is none.
    init?(text: String) {
        guard let sign = text.lastIndex(of: "#"), let visit = Int(text[text.index(after: sign)...]) else { return nil }
        self.init(String(text[..<sign]), visit)
    }
}
