import ArgumentParser
import Conversation
import Definitions
import EmbeddedPostgres
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
              agentctl init-db --seed --dry-run
              agentctl init-db --status --database-url postgresql://me@localhost/agents
            """
    )

    @Flag(
        help: """
            Register the agents "assistant" and "workspace", their tools and offline models as well; what there is of the \
            same name stays as it is.
            """
    )
    var seed = false

    @Flag(help: "With --seed: replace what there is of the same name.")
    var force = false

    @Flag(help: "Show what would be applied and registered, and change nothing.")
    var dryRun = false

    @Flag(help: "Show how each file of the schema stands, and change nothing.")
    var status = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if force, !seed { throw ValidationError("--force goes with --seed.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        if status || dryRun {
            return try await show(on: console)
        }
        let target = try DatabaseTarget.resolve(option: options.databaseURL, environment: environment)
        let applied = try await withClient(on: console, start: .create, login: .superuser) { client in
            let migrator = Migrator(client: client)
            let applied = try await migrate(migrator, on: console)
            if case .embedded = target { try await migrator.makeOperator(PostgresServer.Address.user) }
            return applied
        }
        let registrations =
            seed
            ? try await withStore(\.definitions, on: console) { try await Seeds(isForced: force).register(in: $0) } : []
        report(applied, registrations, on: console)
        return .done
    }

    /// Applies the files; the error for a user who may not names the one who may.
    private func migrate(_ migrator: Migrator, on console: Console) async throws -> [String] {
        do {
            return try await migrator.migrate { console.note($0.text) }
        } catch {
            let failure = CommandFailure(error)
            guard failure.code == StoreError.Code.notPermitted.description else { throw error }
            throw CommandFailure(
                failure.status,
                code: failure.code,
                failure.message,
                hint: """
                    Who installs is a superuser, or may create schemas in the database; upgrades are for the owner of the \
                    schema, whom doctor names: agentctl doctor
                    """
            )
        }
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
    ///
    /// - Returns: What the command would end with; a look at the state is always done.
    private func show(on console: Console) async throws -> ExitStatus {
        let all: [MigrationStatus]
        var registrations: [Seeds.Plan] = []
        let seeds = Seeds(isForced: force)
        do {
            let found = try await withClient(on: console, login: .superuser) {
                client -> ([MigrationStatus], [Seeds.Plan]) in
                if dryRun { try await Migrator(client: client).requireUTF8() }
                let all = try await Migrator(client: client).status()
                let isCurrent = all.allSatisfy { $0.state == .applied }
                let isEmpty = all.allSatisfy { $0.state == .pending }
                guard seed, !status else { return (all, []) }
                let definitions = isEmpty ? nil : Stores(client: client).definitions
                return (all, try await seeds.plan(in: definitions, isCurrent: isCurrent))
            }
            (all, registrations) = found
        } catch let failure as CommandFailure where failure.code == "not_migrated" {
            all = Schema.embedded.files.map { MigrationStatus(name: $0.name, state: .pending) }
            if seed, !status { registrations = try await seeds.plan(in: nil, isCurrent: false) }
        }
        let shown = status ? all : all.filter { $0.state != .applied }
        var rows = shown.map { file -> JSONObject in
            [
                "name": .string(file.name), "state": .string(file.state.rawValue),
                "applied_at": file.appliedAt.map { .string($0.formatted(.iso8601)) } ?? .null,
            ]
        }
        rows += registrations.map { plan in
            [
                "name": .string("\(plan.kind) \(plan.name)"),
                "state": .string(plan.isReplaced ? "replaced" : "registered"),
                "applied_at": .null,
            ]
        }
        console.print(
            rows,
            [ReportColumn("name"), ReportColumn("state"), ReportColumn("applied_at", .time)],
            whenEmpty: "nothing to apply"
        )
        return dryRun && all.contains { $0.state == .edited } ? .refused : .done
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
