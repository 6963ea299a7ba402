internal import Definitions
internal import JSON

/// Where a hook is sent, from its document.
struct HookTarget: Sendable {
    let url: String
    /// Names of the variables that hold the secrets: the present one, and the one that it replaces.
    let secretVariables: [String]
    /// In the order of the document.
    let headers: [(name: String, value: String)]
    let timeout: Duration
    let allowsPrivate: Bool

    private static let defaults = FieldDefaults(of: "hook")

    /// - Parameter document: A document that the database has checked.
    init(document: JSONValue) {
        url = document["url"]?.stringValue ?? ""
        secretVariables = ["secret_env", "previous_secret_env"].compactMap { document[$0]?.stringValue }
        headers = document["headers"]?.objectValue?.map { (name: $0.key, value: $0.value.stringValue ?? "") } ?? []
        timeout = document["timeout"]?.secondsValue ?? Self.defaults.seconds("timeout")
        allowsPrivate = document["allow_private"]?.boolValue ?? Self.defaults.flag("allow_private")
    }
}
