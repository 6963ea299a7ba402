import ArgumentParser
import Engine
import JSON
import Store

/// The command `rm` of a group.
struct DefinitionRemoval<Group: DefinitionGroup>: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rm",
            abstract: "Take one out of force.",
            discussion: """
                Its versions and the records of what it did stay; registering it again, or publish, brings it back. One that \
                others in force refer to is refused.

                EXAMPLE
                  agentctl \(Group.plural) rm \(Group.example)
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            try await definitions.unregister(kind: Group.kind, name: name)
            if console.isJSON {
                console.print(["kind": .string(Group.kind), "name": .string(name), "in_force": false])
            } else {
                console.print("\(Group.kind) \(Printable.line(name)) (out of force)")
            }
            return .done
        }
    }
}
