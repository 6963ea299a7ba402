import ArgumentParser
import Engine
import JSON
import Store

/// The command `publish` of a group.
struct DefinitionPublish<Group: DefinitionGroup>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "publish",
            abstract: "Put a stored version in force.",
            discussion: """
                It holds for every message that begins after it, on every worker. No new version is made.

                EXAMPLE
                  agentctl \(Group.plural) publish \(Group.example) 2
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @Argument(help: "The version.")
    var version: Int

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...Int(Int32.max)).contains(version) else { throw ValidationError("A version counts from 1.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            console.print(try await definitions.publish(kind: Group.kind, name: name, version: version))
            return .done
        }
    }
}

/// The command `rollback` of a group.
struct DefinitionRollback<Group: DefinitionGroup>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rollback",
            abstract: "Put the version before the present one in force.",
            discussion: """
                EXAMPLE
                  agentctl \(Group.plural) rollback \(Group.example)
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            console.print(try await definitions.rollback(kind: Group.kind, name: name))
            return .done
        }
    }
}

extension Console {
    /// Says which version is in force now.
    fileprivate func print(_ published: PublishedVersion) {
        if isJSON {
            print([
                "kind": .string(published.kind), "name": .string(published.name),
                "version": .integer(Int64(published.version)), "in_force": true,
            ])
        } else {
            print("\(published.kind) \(Printable.line(published.name)) v\(published.version) (in force)")
        }
    }
}
