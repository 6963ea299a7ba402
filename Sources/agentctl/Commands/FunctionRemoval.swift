import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl functions rm`.
struct FunctionRemoval: Command {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Take a function out of force.",
        discussion: """
            Its versions and the record of its calls stay; registering it again brings it back. One that agents in force use \
            is refused.

            EXAMPLE
              agentctl functions rm add
            """
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.definitions, on: console) { definitions in
            try await definitions.unregister(kind: "function", name: name)
            if console.isJSON {
                console.print(["kind": "function", "name": .string(name), "in_force": false])
            } else {
                console.print("function \(name) (out of force)")
            }
            return .done
        }
    }
}
