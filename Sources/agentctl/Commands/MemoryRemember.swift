import ArgumentParser
import Engine
import Glibc
import JSON
import Store

/// The command `agentctl memory remember`.
struct MemoryRemember: Command {
    /// Who sees what is remembered in a conversation.
    enum Audience: String, ExpressibleByArgument, CaseIterable {
        case user, conversation, agent, everyone
    }

    static let configuration = CommandConfiguration(
        commandName: "remember",
        abstract: "Store a memory and print its number.",
        discussion: """
            Without options all conversations see it. With --conversation it is for the conversation's user, unless --for says \
            otherwise. The same content again is the same memory; the same --key, or --replaces, makes a new version.

            EXAMPLE
              agentctl memory remember 'Deploys happen on Tuesdays' --agent ops
              agentctl memory remember 'Prefers short answers' --user ada --key style --metadata '{"topic": "style"}'
              agentctl memory remember 'The offer ends soon' --expires-in 7d
            """
    )

    @OptionGroup var whose: MemoryOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("With --conversation: for whom.", valueName: "whom"))
    var audience: Audience?

    @Option(help: ArgumentHelp("Your own id for it.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("From 0 to 1.", valueName: "number"))
    var importance = 0.5

    @Option(help: ArgumentHelp("A JSON object that it can be filtered by.", valueName: "json"))
    var metadata: String?

    @Option(help: ArgumentHelp("After how long it is gone, such as 30d.", valueName: "time"))
    var expiresIn: TimeSpan?

    @Option(help: ArgumentHelp("The memory that it takes the place of.", valueName: "id"))
    var replaces: Int64?

    @Argument(help: "What to remember, or - for stdin.")
    var content: String

    @OptionGroup var options: GlobalOptions

    /// What is read from stdin at most; a memory has 16 KiB at most.
    private static let maximumBytes = 65_536

    func run(on console: Console) async throws -> ExitStatus {
        var memory = NewMemory(try text(), scope: whose.scope)
        memory.scope.audience = audience?.rawValue
        memory.metadata = try MemoryOptions.object("--metadata", metadata) ?? [:]
        (memory.key, memory.importance, memory.replaces) = (key, importance, replaces)
        memory.expiresIn = expiresIn?.duration
        return try await withStore(\.conversations, on: console) { [memory] conversations in
            let id = try await conversations.remember(memory)
            if console.isJSON { console.print(["id": .integer(id)]) } else { console.print("\(id)") }
            return .done
        }
    }

    private func text() throws -> String {
        guard content == "-" else { return content }
        let bytes = try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: Self.maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.refused, code: "invalid", "<stdin> is not text in UTF-8")
        }
        return text
    }
}
