import ArgumentParser
import Engine
import HTTP
import JSON
import Postgres
import Store

/// The command `agentctl doctor`.
struct Doctor: Command {
    static let configuration = CommandConfiguration(
        abstract: "Check the server, the schema, permissions, workers, models and the sandbox, and say what to do.",
        discussion: """
            The exit code is 1 when a check failed, 5 when the database cannot be reached at all.

            EXAMPLE
              agentctl doctor
              agentctl doctor --json | jq '.checks[] | select(.status != "ok")'
            """
    )

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        var checks: [Check] = []
        var status = ExitStatus.failed
        async let sandbox = SandboxExamination.ofThisMachine(logger: logger())
        do {
            checks = try await withClient(on: console) { client in try await examine(client) }
        } catch {
            let failure = CommandFailure(error)
            guard failure.status != .usage else { throw failure }
            status = failure.status
            checks.append(Check("server", .failed, failure.message, hint: failure.hint))
        }
        checks += await sandbox.checks
        let isFine = !checks.contains { $0.status == .failed }
        show(checks, isFine: isFine, on: console)
        return isFine ? .done : status
    }

    private func examine(_ client: PostgresClient) async throws -> [Check] {
        let stores = Stores(client: client)
        let server = try await stores.reports.serverReport()
        var isPrivate = false
        if case .embedded = try DatabaseTarget.resolve(option: options.databaseURL, environment: environment) {
            isPrivate = true
        }
        var checks = ServerExamination(
            report: server,
            needed: client.configuration.maximumConnections + client.configuration.foreignConnections
                + client.configuration.pipelinedConnections,
            isPrivate: isPrivate,
            storageProblem: server["is_standby"]?.boolValue == true ? nil : await stores.reports.storageProblem()
        ).checks
        if client.isPooled {
            checks.append(try await PoolerExamination(client: client, logger: logger()).check(against: server))
        }
        // The statements that follow hold characters that other encodings lack.
        guard server["encoding"] == "UTF8" else { return checks }
        let migrations = SchemaExamination(migrations: try await Migrator(client: client).status())
        checks.append(migrations.check)
        guard migrations.isUsable else { return checks }
        let installation = InstallationExamination(
            report: try await stores.reports.installationReport(),
            unserved: try await unserved(stores.reports)
        )
        checks += installation.checks
        checks += PrivilegeExamination(report: try await stores.reports.privilegeReport()).checks
        let http = HTTPClient(logger: logger())
        checks += await ModelExamination(http: http, environment: environment).checks(
            of: try await stores.definitions.modelDefinitions()
        )
        await http.shutdown()
        return checks
    }

    /// What waits that no worker serves; nil when this user may not see it.
    private func unserved(_ reports: Reports) async throws(StoreError) -> [JSONObject]? {
        do throws(StoreError) {
            return try await reports.unservedReport()
        } catch {
            guard error.code == .notPermitted else { throw error }
            return nil
        }
    }

    private func show(_ checks: [Check], isFine: Bool, on console: Console) {
        if console.isJSON {
            console.print(["ok": .bool(isFine), "checks": .array(checks.map(\.json))])
            return
        }
        let width = checks.map { DisplayWidth.of($0.name) }.max() ?? 0
        for check in checks {
            if console.isQuiet, check.status == .ok { continue }
            let name = check.name + String(repeating: " ", count: width - DisplayWidth.of(check.name))
            let mark = console.output.styled(check.status.mark, check.status.style)
            console.print("\(mark)  \(name)  \(Printable.line(check.message))")
            if let hint = check.hint {
                console.print("      \(console.output.styled("→", .cyan)) \(Printable.text(hint))")
            }
        }
    }
}
