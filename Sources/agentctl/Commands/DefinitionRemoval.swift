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
                Its versions and the records of what it did stay; registering it again, or publish, brings it back. It ends \
                with 3 for one that others in force or a setting refer to, and for an agent that has work to do: turns and \
                tasks that have not ended.

                EXAMPLE
                  agentctl \(Group.plural) rm \(Group.example) --dry-run
                  agentctl \(Group.plural) rm \(Group.example)
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @Flag(help: "Say whether it can be, and change nothing.")
    var dryRun = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            try await definitions.unregister(kind: Group.kind, name: name, isRehearsal: dryRun)
            if console.isJSON {
                console.print(["kind": .string(Group.kind), "name": .string(name), "in_force": .bool(dryRun)])
            } else {
                let outcome = dryRun ? "would be out of force" : "out of force"
                console.print("\(Group.kind) \(Printable.line(name)) (\(outcome))")
            }
            return .done
        }
    }
}
