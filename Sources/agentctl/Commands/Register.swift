import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl register`.
struct Register: Command {
    static let configuration = CommandConfiguration(
        abstract:
            "Store agents, models, tools, functions, policies, guardrails, chains and more from YAML or JSON documents.",
        discussion: """
            All documents of all files are stored in one transaction, or none is. The same content is a no-op; a change is a \
            new version, in force from the next message on. Mistakes are reported with file, line and column, all of them at \
            once.

            The source of a function is checked as well: its syntax, its parameters, its imports. Where this machine has no \
            sandbox for it, or no role agentctl_query for SQL, a warning says so and the function is stored nevertheless; \
            its first call checks it again. Nothing of it is run, unless --test runs its examples.

            YAML is read by the core schema of YAML 1.2: only true and false are booleans (yes, no, on and off are text), \
            dates are text, a key stands once in a mapping, anchors and aliases are followed, merge keys (<<) are not. A file \
            holds one document, several between ---, or a list of them, in 8 MiB at most.

            EXAMPLE
              agentctl register agents.yaml
              agentctl register definitions/ --dry-run
              agentctl agents show assistant | sed 's/concise/verbose/' | agentctl register -
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Files, directories (their .yaml, .yml and .json files), or - for stdin.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var files: [String]

    @Flag(help: "Check everything, show what would change field by field, and store nothing.")
    var dryRun = false

    @Flag(help: "Run the examples of functions first, and store nothing if one comes out differently.")
    var test = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let sources = try DocumentSource.read(files)
        let documents = DocumentSet(sources)
        return try await withStores(on: console) { stores in
            let test = test
            let mistakes = try await withEngine(stores) { engine in
                let warn = { (text: String) in console.note("warning: \(text)") }
                let found = try await documents.mistakes(asking: stores.definitions, engine.functions, warn: warn)
                guard test, found.isEmpty else { return found }
                return await documents.failedExamples(asking: engine.functions, warn: warn)
            }
            guard mistakes.isEmpty else { throw Self.failure(mistakes) }
            if dryRun {
                console.print(try await stores.definitions.rehearseRegistration(documents.values))
                console.note("nothing was stored")
                return .done
            }
            let registrations = try await stores.definitions.register(documents.values)
            if console.isJSON {
                console.print(.array(registrations.map(\.json)))
            } else {
                for registration in registrations { console.print(registration.text) }
            }
            let changed = registrations.filter { $0.kind == "function" && $0.isChanged }.map(\.name)
            let untested = test ? [] : changed.filter(documents.functionsWithExamples.contains)
            if !untested.isEmpty {
                console.note("examples were not run: agentctl functions test \(untested.joined(separator: " "))")
            }
            return .done
        }
    }

    private static func failure(_ mistakes: [LocatedMistake]) -> CommandFailure {
        let files = Set(mistakes.map(\.file)).count
        let problems = mistakes.count == 1 ? "1 problem" : "\(mistakes.count) problems"
        let place = files == 1 ? "" : " in \(files) files"
        return CommandFailure(.refused, code: "invalid", "\(problems)\(place); nothing was stored", mistakes: mistakes)
    }
}
