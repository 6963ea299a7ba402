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
