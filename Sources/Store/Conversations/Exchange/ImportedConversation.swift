package import JSON

/// What came of reading a conversation into the database.
package struct ImportedConversation: Sendable {
    /// A version of a definition.
    package struct Version: Sendable, Hashable, CustomStringConvertible {
        /// The kind: `agent`, `model` ….
        package let kind: String
        /// The name.
        package let name: String
        /// The number of the version in this database.
        package let version: Int64

        /// Kind, name and version.
        package var description: String { "\(kind) \(name) version \(version)" }
    }

    /// The id under which it was stored.
    package let conversation: String
    /// How it stands: `idle`, `ready`, `waiting` or `parked`.
    package let state: String
    /// How many messages it has.
    package let messages: Int64
    /// How many turns have ended.
    package let turns: Int64
    /// How many events it has.
    package let events: Int64
    /// How many submissions are not finished.
    package let pending: Int64
    /// The versions of definitions that were stored with it.
    package let registered: [Version]
    /// The versions in force here whose content is another than that in force where the conversation comes from.
    package let differing: [Version]
    /// How many decisions held for every conversation of an agent and count once here.
    package let narrowedApprovals: Int64
    /// How many runs of schedules were left out: the schedule is not here, or has a run of that time.
    package let leftOutScheduleRuns: Int64
    /// The same as JSON.
    package let json: JSONValue

    package init(_ report: JSONValue) {
        json = report
        conversation = report["conversation_id"]?.stringValue ?? ""
        state = report["state"]?.stringValue ?? ""
        messages = report["messages"]?.integerValue ?? 0
        turns = report["turns"]?.integerValue ?? 0
        events = report["events"]?.integerValue ?? 0
        pending = report["pending"]?.integerValue ?? 0
        registered = Self.versions(report["registered"])
        differing = Self.versions(report["differing"])
        narrowedApprovals = report["narrowed_approvals"]?.integerValue ?? 0
        leftOutScheduleRuns = report["left_out_schedule_runs"]?.integerValue ?? 0
    }

    private static func versions(_ list: JSONValue?) -> [Version] {
        (list?.arrayValue ?? []).map { item in
            Version(
                kind: item["kind"]?.stringValue ?? "",
                name: item["name"]?.stringValue ?? "",
                version: item["version"]?.integerValue ?? 0
            )
        }
    }
}
