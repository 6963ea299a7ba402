import ArgumentParser
import Engine

/// The command `list` of a group.
struct DefinitionList<Group: DefinitionGroup>: ListCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "List the \(Group.plural) in force.",
            discussion: """
                EXAMPLE
                  agentctl \(Group.plural) list --json | jq -r '.[].name'
                """
        )
    }

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let none = "there are no \(Group.plural) yet; \(Group.hint)"
            console.print(try await Group.report(stores), Group.columns, whenEmpty: none)
            return .done
        }
    }
}
