package import JSON

/// What a model's document changes of the body of its requests.
package struct RequestChanges: Sendable, Hashable {
    /// Members that no document may replace.
    package static let ownMembers = ["model", "messages", "input", "tools", "stream", "system", "instructions"]

    /// Members that are completed, not replaced: without what the request has there, an answer would lose its form, its
    /// usage, or the reasoning that has to go back.
    private static let completedMembers: Set<String> = ["text", "output_config", "include", "stream_options"]

    /// Members added to the body.
    ///
    /// One that the request has by itself is written as it is here; of those that are completed, what is here comes first.
    package var options: JSONObject

    /// Members that are not written.
    package var omittedMembers: Set<String>

    /// Changes; none by default.
    package init(options: JSONObject = [:], omittedMembers: Set<String> = []) {
        self.options = options
        self.omittedMembers = omittedMembers
    }

    /// Writes a member that may be left out or replaced; nothing if it has no value.
    ///
    /// One that is completed is written here, and not again with the members that are added.
    mutating func write(_ name: String, _ value: JSONValue?, to frame: inout JSONFrame) {
        guard !omittedMembers.contains(name) else { return }
        guard let added = options[name] else { return frame.writeMember(name, value) }
        guard Self.completedMembers.contains(name), let whole = Self.completed(added, with: value) else { return }
        frame.writeMember(name, whole)
        options[name] = nil
    }

    /// Both values in one: the members of two objects, or the elements of two arrays; nil if they are neither.
    private static func completed(_ added: JSONValue, with value: JSONValue?) -> JSONValue? {
        switch (added, value) {
        case (.object(let added), .object(let own)?):
            var all = own
            for member in added { all[member.key] = member.value }
            return .object(all)
        case (.array(let added), .array(let own)?):
            return .array(own + added.filter { !own.contains($0) })
        default: return nil
        }
    }

    /// Writes the members that are added.
    func writeOptions(to frame: inout JSONFrame) {
        let added = options.filter { !Self.ownMembers.contains($0.key) && !omittedMembers.contains($0.key) }
        frame.write(members: JSONObject(added.map { ($0.key, $0.value) }))
    }
}
