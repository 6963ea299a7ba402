package import JSON

/// What a model's document changes of the body of its requests.
package struct RequestChanges: Sendable, Hashable {
    /// Members that no document may replace.
    package static let ownMembers = ["model", "messages", "input", "tools", "stream", "system", "instructions"]

    /// Members added to the body; one that the request has by itself is written as it is here.
    package var options: JSONObject

    /// Members that are not written.
    package var omittedMembers: Set<String>

    /// Changes; none by default.
    package init(options: JSONObject = [:], omittedMembers: Set<String> = []) {
        self.options = options
        self.omittedMembers = omittedMembers
    }

    /// Writes a member that may be left out or replaced; nothing if it has no value.
    func write(_ name: String, _ value: JSONValue?, to frame: inout JSONFrame) {
        guard !omittedMembers.contains(name), options[name] == nil else { return }
        frame.writeMember(name, value)
    }

    /// Writes the members that are added.
    func writeOptions(to frame: inout JSONFrame) {
        let added = options.filter { !Self.ownMembers.contains($0.key) && !omittedMembers.contains($0.key) }
        frame.write(members: JSONObject(added.map { ($0.key, $0.value) }))
    }
}
