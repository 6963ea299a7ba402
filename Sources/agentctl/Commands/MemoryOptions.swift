import ArgumentParser
import JSON
import Store

/// The options that say whose memories are meant.
struct MemoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The collection.", valueName: "name"))
    var collection = "default"

    @Option(name: .shortAndLong, help: ArgumentHelp("A conversation, which says whose they are.", valueName: "id"))
    var conversation: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("Your application's user.", valueName: "id"))
    var user: String?

    @Option(
        help: ArgumentHelp("The database user whose application's user it is, when not you.", valueName: "name")
    )
    var account: String?

    /// The scope that the options name.
    var scope: MemoryScope {
        var scope = MemoryScope()
        scope.collection = collection
        (scope.conversation, scope.agent, scope.user, scope.account) = (conversation, agent, user, account)
        return scope
    }

    func validate() throws {
        guard conversation == nil || user == nil && account == nil else {
            throw ValidationError("A conversation says who its user is: give --conversation, or --user and --account.")
        }
    }

    /// An option that takes a JSON object.
    static func object(_ name: String, _ text: String?) throws(CommandFailure) -> JSONObject? {
        guard let text else { return nil }
        guard let object = try JSONValue(option: name, text).objectValue else {
            throw CommandFailure(
                .usage,
                code: "usage",
                "\(name) is not a JSON object",
                hint: #"Such as {"topic": "food"}"#
            )
        }
        return object
    }
}
