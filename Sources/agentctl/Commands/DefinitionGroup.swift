import ArgumentParser
import Engine
import JSON
import Store

/// A group of commands about the definitions of a kind, such as `agentctl agents`.
protocol DefinitionGroup: AsyncParsableCommand {
    /// The kind, as documents name it.
    static var kind: String { get }
    /// The name of the group: the kind's plural.
    static var plural: String { get }
    /// A name for examples.
    static var example: String { get }
    /// What the list shows.
    static var columns: [ReportColumn] { get }
    /// What is said when there are none.
    static var hint: String { get }

    /// The definitions in force, by name.
    static func report(_ stores: Stores) async throws -> [JSONObject]
}

extension DefinitionGroup {
    /// The commands about versions that every kind has.
    static var versionCommands: [any ParsableCommand.Type] {
        [
            DefinitionHistory<Self>.self, DefinitionDiff<Self>.self, DefinitionPublish<Self>.self,
            DefinitionRollback<Self>.self,
        ]
    }
}

extension CommandFailure {
    /// A definition that is not there.
    init<Group: DefinitionGroup>(missing name: String, version: Int?, of group: Group.Type, nearest: String?) {
        let what =
            version.map { "\(Group.kind) \"\(name)\" has no version \($0)" } ?? "there is no \(Group.kind) \"\(name)\""
        let hint = nearest.flatMap { $0 == name ? nil : "Did you mean \($0)?" }
        let place = "See: agentctl \(Group.plural) \(version == nil ? "list" : "history \(name)")"
        self.init(.notFound, code: "not_found", what, hint: hint ?? place)
    }
}
