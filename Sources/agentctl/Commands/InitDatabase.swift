import ArgumentParser
import Conversation
import Definitions
import Engine
import JSON
import Store

import struct FoundationEssentials.Date

/// The command `agentctl init-db`.
struct InitDatabase: Command {
    static let configuration = CommandConfiguration(
        commandName: "init-db",
        abstract: "Create or migrate the schema agentctl.",
        discussion: """
            Applies the SQL that travels inside the program: numbered files once, each in its own transaction and under a \
            lock; then the rows, functions and views that differ, in one transaction. Two at once take turns, and a second \
            run has nothing to do. A numbered file that was edited after it had been applied is refused. It waits a few \
            seconds at a time for what other sessions have locked, and says which sessions these are.

            EXAMPLE
              agentctl init-db --seed
              agentctl init-db --status --database-url postgresql://me@localhost/agents
            """
    )

    @Flag(help: "Register the agents \"assistant\" and \"workspace\", their tools and offline models as well.")
    var seed = false

    @Flag(help: "Show what would be applied and registered, and change nothing.")
    var dryRun = false

    @Flag(help: "Show how each file of the schema stands, and change nothing.")
    var status = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        if status || dryRun {
            try await show(on: console)
            return .done
        }
        return try await withClient(on: console, start: .create) { client in
            let applied = try await Migrator(client: client).migrate { console.note($0.text) }
            let registrations = seed ? try await registerSeeds(Stores(client: client).definitions) : []
            report(applied, registrations, on: console)
            return .done
        }
    }

    private func registerSeeds(_ definitions: DefinitionStore) async throws -> [Registration] {
        let documents = DocumentSet(
            EmbeddedFile.all(in: "seeds").map { DocumentSource(name: $0.path, bytes: Array($0.text.utf8)) }
        )
        return try await definitions.register(documents.values)
    }

    private func report(_ applied: [String], _ registrations: [Registration], on console: Console) {
        if console.isJSON {
            console.print([
                "applied": .array(applied.map { .string($0) }),
                "registered": .array(registrations.map(\.json)),
            ])
            return
        }
        console.print(
            applied.isEmpty ? "the schema is up to date" : "the schema is ready (\(applied.count) files applied)"
        )
        for registration in registrations { console.print(registration.text) }
    }

    /// Also without a server: then everything is still to be done.
    private func show(on console: Console) async throws {
        let all: [MigrationStatus]
        do {
            all = try await withClient(on: console) { client in try await Migrator(client: client).status() }
        } catch let failure as CommandFailure where failure.code == "not_migrated" {
            all = Schema.embedded.files.map { MigrationStatus(name: $0.name, state: .pending) }
        }
        let shown = status ? all : all.filter { $0.state != .applied }
        let rows = shown.map { file -> JSONObject in
            [
                "name": .string(file.name), "state": .string(file.state.rawValue),
                "applied_at": file.appliedAt.map { .string($0.formatted(.iso8601)) } ?? .null,
            ]
        }
        console.print(
            rows,
            [ReportColumn("name"), ReportColumn("state"), ReportColumn("applied_at", .time)],
            whenEmpty: "nothing to apply"
        )
    }
}

extension MigrationProgress {
    /// One line for the terminal.
    fileprivate var text: String {
        switch self {
        case .applied(let name, let duration):
            return "applied \(name)  \(FieldFormat.milliseconds(duration.milliseconds)) ms"
        case .refreshed(let rows, let routines, let views, let dropped, let duration):
            let what = [(rows, "rows"), (routines, "routines"), (views, "views")].map { "\($0) \($1)" }
            let gone = dropped > 0 ? ["\(dropped) dropped"] : []
            let milliseconds = FieldFormat.milliseconds(duration.milliseconds)
            return "applied \((what + gone).joined(separator: ", "))  \(milliseconds) ms"
        case .waiting(let name, let sessions):
            return "\(name) waits for \(sessions.map(\.description).joined(separator: "; "))"
        }
    }
}
