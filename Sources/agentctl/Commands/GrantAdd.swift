import ArgumentParser
import Engine
import Store

/// The command `agentctl grants add`.
struct GrantAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Let the members of a database role use an agent, a chain or a function.",
        discussion: """
            It holds from the next message on. For everybody, say "access: everyone" in the document instead.

            EXAMPLE
              agentctl grants add agent support web_app
            """
    )

    @OptionGroup var grant: GrantOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            let isChanged = try await definitions.grantUse(of: grant.kind.rawValue, grant.name, to: grant.role)
            if console.isJSON {
                console.print([
                    "kind": .string(grant.kind.rawValue), "name": .string(grant.name), "role": .string(grant.role),
                    "granted": true, "changed": .bool(isChanged),
                ])
            } else {
                let subject = "\(grant.kind.rawValue) \"\(grant.name)\""
                console.note(
                    isChanged
                        ? "\"\(grant.role)\" may use \(subject)" : "\"\(grant.role)\" could use it already: \(subject)"
                )
            }
            return .done
        }
    }
}
