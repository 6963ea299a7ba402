import ArgumentParser
import EmbeddedPostgres
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
              agentctl doctor --workspace /srv/documents
              agentctl doctor --json | jq '.checks[] | select(.status != "ok")'
            """
    )

    @Option(
        help: ArgumentHelp("A worker's workspace, whose disk is examined as well.", valueName: "directory"),
        completion: .directory
    )
    var workspace: String?

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
        checks += disks.compactMap(\.check)
        if let workspace { checks += WorkspaceExamination(path: workspace).checks }
        checks += await sandbox.checks
        let isFine = !checks.contains { $0.status == .failed }
        show(checks, isFine: isFine, on: console)
        return isFine ? .done : status
    }

    /// The disks of this machine that can be full without a word of the server's, which need not run for it.
    private var disks: [DiskExamination] {
        var disks: [DiskExamination] = []
        if case .embedded(let server)? = try? DatabaseTarget.resolve(
            option: options.databaseURL,
            environment: environment
        ) {
            let files = (try? server.elsewhere) ?? server.directory
            disks.append(DiskExamination(name: "disk data", what: "the private server's data", path: files))
            let home = EmbeddedHome(environment: environment).path
            disks.append(DiskExamination(name: "disk home", what: "what agentctl keeps", path: home))
        }
        return disks
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
        if !isPrivate, !client.isPooled, let check = DiskExamination(dataOf: server)?.check { checks.append(check) }
        if client.isPooled {
            checks.append(try await PoolerExamination(client: client, logger: logger()).check(against: server))
        }
        // The statements that follow hold characters that other encodings lack.
        guard server["encoding"] == "UTF8" else { return checks }
        let migrations = SchemaExamination(migrations: try await Migrator(client: client).status())
        checks.append(migrations.check)
        guard migrations.isUsable else { return checks }
        checks += try await installation(stores.reports)
        checks += PrivilegeExamination(report: try await stores.reports.privilegeReport()).checks
        let http = HTTPClient(logger: logger())
        if let models = try await permitted({ () throws(StoreError) in try await stores.definitions.modelDefinitions() }
        ) {
            let endpoints = try await stores.definitions.endpointDocuments()
            checks += await ModelExamination(http: http, environment: environment, endpoints: endpoints)
                .checks(of: models)
        } else {
            checks.append(Check.notAllowed("models"))
        }
        await http.shutdown()
        return checks
    }

    /// How the schema stands, as far as this user may look.
    private func installation(_ reports: Reports) async throws(StoreError) -> [Check] {
        guard let report = try await permitted({ () throws(StoreError) in try await reports.installationReport() })
        else {
            return [PermissionExamination(report: try await reports.permissionReport()).check]
                + InstallationExamination.names.map(Check.notAllowed)
        }
        let unserved = try await permitted { () throws(StoreError) in try await reports.unservedReport() }
        let endpoints = try await permitted { () throws(StoreError) in try await reports.endpointReport() }
        let hooks = try await permitted { () throws(StoreError) in try await reports.failingHookReport() }
        return InstallationExamination(report: report, unserved: unserved, endpoints: endpoints, hooks: hooks).checks
    }

    /// What a question comes to; nil when this user may not ask it.
    private func permitted<Answer>(
        _ ask: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer? {
        do throws(StoreError) {
            return try await ask()
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
                console.print(
                    "      \(console.output.styled("→", .cyan)) \(Printable.text(console.given.completing(hint)))"
                )
            }
        }
    }
}
