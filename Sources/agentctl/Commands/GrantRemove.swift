import ArgumentParser
import Engine
import Store

/// The command `agentctl grants remove`.
struct GrantRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take back what grants add has granted.",
        discussion: """
            What was submitted before is still processed. What is open to everyone stays so.

            EXAMPLE
              agentctl grants remove agent support web_app
            """
    )

    @OptionGroup var grant: GrantOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            let isChanged = try await definitions.revokeUse(of: grant.kind.rawValue, grant.name, from: grant.role)
            if console.isJSON {
                console.print([
                    "kind": .string(grant.kind.rawValue), "name": .string(grant.name), "role": .string(grant.role),
                    "granted": false, "changed": .bool(isChanged),
                ])
            } else {
                let subject = "\(grant.kind.rawValue) \"\(grant.name)\""
                console.note(
                    isChanged
                        ? "\"\(grant.role)\" may no longer use \(subject)"
                        : "\"\(grant.role)\" had no such grant: \(subject)"
                )
            }
            return .done
        }
    }
}
