import Glibc
import HTTP
import JSON
import Sandbox
import TestSupport
import Testing

@testable import agentctl

struct DoctorTests {
    private func checks(_ result: AgentctlProcess.Result) throws -> [String: String] {
        let checks = try result.json["checks"]?.arrayValue ?? []
        let pairs = checks.map { ($0["check"]?.stringValue ?? "", $0["status"]?.stringValue ?? "") }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    @Test func aNewInstallationIsInOrder() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("doctor", "--json", url: url)
            #expect(result.status == 0, "\(result.output)")
            let checks = try checks(result)
            #expect(checks["server"] == "ok" && checks["schema"] == "ok" && checks["model offline"] == "ok")
        }
    }

    @Test func eachFailureSaysWhatToDo() async throws {
        try await withDatabase(template: .seeded) { url in
            let models = """
                [{"kind": "model", "name": "dead", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x"},
                 {"kind": "model", "name": "keyless", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x",
                  "api_key_env": "AGENTCTL_TEST_UNSET"}]
                """
            #expect(try await agentctl("register", "-", url: url, input: models).status == 0)
            _ = try await psql(url, "SELECT agentctl.submit('1', 'waits')")
            let result = try await agentctl("doctor", "--json", url: url)
            #expect(result.status == 1)
            let checks = try checks(result)
            #expect(
                checks["model dead"] == "failed" && checks["model keyless"] == "failed"
                    && checks["workers"] == "warning"
            )
            let text = try await agentctl("doctor", url: url).output
            #expect(text.contains("FAIL  model dead") && text.contains("export AGENTCTL_TEST_UNSET="))
        }
    }

    @Test(arguments: [
        (DiskExamination.Room(total: 40 << 30, free: 3 << 30), Check.Status.ok, "3.0 GB of 40.0 GB free"),
        (DiskExamination.Room(total: 40 << 30, free: 1 << 30), .warning, "1.0 GB of 40.0 GB free"),
        (DiskExamination.Room(total: 4 << 40, free: 3 << 30), .ok, "3.0 GB of 4.0 TB free"),
        (DiskExamination.Room(total: 100 << 20, free: 30 << 20), .ok, "30.0 MB of 100.0 MB free"),
        (DiskExamination.Room(total: 100 << 20, free: 0), .failed, "0 KB of 100.0 MB free"),
        (
            DiskExamination.Room(total: 40 << 30, free: 9 << 30, files: 1_000_000, freeFiles: 300), .failed,
            "9.0 GB of 40.0 GB free, 300 more files"
        ),
    ])
    func aDiskIsReportedBeforeItIsFull(_ room: DiskExamination.Room, _ status: Check.Status, _ text: String) {
        let check = DiskExamination(name: "disk data", what: "the server's data", path: "/srv").check(room)
        #expect(check.status == status && check.message == "the server's data, /srv: \(text)")
        #expect((check.hint == nil) == (status == .ok))
    }

    @Test func aWorkspaceThatIsNotThereIsReported() {
        let checks = WorkspaceExamination(path: "/tmp/none/such").checks
        #expect(checks.map(\.status) == [.failed])
        #expect(checks.first?.message == "/tmp/none/such: there is no such directory")
    }

    @Test(.enabled(if: geteuid() == 0)) func aWorkspaceThatCodeMayNotWriteIsReported() throws {
        // Not below a directory that only root may enter.
        let path = "/tmp/doctor-workspace-\(getpid())"
        #expect(mkdir(path, 0o755) == 0)
        defer { rmdir(path) }
        let refused = WorkspaceExamination(path: path).checks.first { $0.name == "workspace" }
        #expect(refused?.status == .warning && refused?.message.contains("chown 65534 \(path)") == true)
        #expect(chown(path, 65_534, 65_534) == 0)
        #expect(!WorkspaceExamination(path: path).checks.contains { $0.name == "workspace" })
    }

    /// One more worker of the same kind helps only those that it would serve.
    @Test func whatNoWorkerServesAsksForNoMoreWorkers() {
        func check(_ unserved: [JSONObject]) -> Check? {
            let report: JSONObject = ["workers": ["a"], "ready": 2, "oldest_ready_s": 90]
            return InstallationExamination(report: report, unserved: unserved, endpoints: [], hooks: []).checks
                .first { $0.name == "workers" }
        }
        #expect(check([])?.status == .warning)
        #expect(check([["ready": 2, "oldest_ready_s": 90]])?.status == .ok)
        #expect(check([["ready": 1, "oldest_ready_s": 90]])?.status == .ok)
        #expect(check([["ready": 1, "oldest_ready_s": 5]])?.status == .warning)
    }

    /// A private server on a file system of its own, which is then filled.
    @Test(.enabled(if: geteuid() == 0)) func aFullDiskIsReported() async throws {
        let script = """
            mount -t tmpfs -o size=160m,mode=755 tmpfs "$1" && cd "$1" || exit 77
            "$2" init-db --seed --quiet && "$2" doctor >before
            dd if=/dev/zero of=filler bs=64k 2>/dev/null
            "$2" doctor --workspace .
            text=$(head -c 100000 /dev/zero | tr '\\0' a); rc=0
            for i in $(seq 200); do said=$("$2" send -c full "$text" 2>&1) || { rc=$?; break; }; done; echo "status $rc: $said"
            rm filler
            "$2" send -c full "What is 2+3?"
            "$2" doctor >after; tail -n +1 before after | grep -c 'FAIL  disk'
            "$2" db stop >/dev/null
            """
        try await withTemporaryDirectory { directory in
            let result = try await AgentctlProcess(
                program: ["/usr/bin/unshare", "--mount", "sh", "-c", script, "sh", directory],
                [AgentctlProcess.executable]
            ).result()
            if result.status == 77 { return }
            #expect(result.output.contains("FAIL  disk"), "\(result.output)\(result.errors)")
            #expect(result.output.contains("No space left on device"), "\(result.output)")
            for place in ["data", "home", "workspace"] {
                #expect(result.output.contains("FAIL  disk \(place)"), "\(result.output)")
            }
            // Who sends meanwhile is told, and nothing needs a restart.
            #expect(result.output.contains("status 5") && result.output.contains("It is 5."), "\(result.output)")
            #expect(result.output.contains("The server's disk is full: make room"), "\(result.output)")
            #expect(result.output.split(separator: "\n").last == "0", "\(result.output)")
        }
    }

    @Test func aRestoreWithoutPrivilegesIsOpenUntilTheyAreGranted() async throws {
        try await withDatabase(template: .seeded) { source in
            try await withTemporaryDirectory { directory in
                let file = "\(directory)/dump.sql"
                try await dumpWithoutPrivileges(source, to: file)
                try await withDatabase { url in
                    try await restore(file, to: url)
                    let open = try await agentctl("doctor", "--json", url: url)
                    #expect(open.status == 1)
                    #expect(try checks(open)["privileges"] == "failed" && checks(open)["owner"] == "warning")
                    let text = try await agentctl("doctor", url: url).output
                    #expect(text.contains("every user of the database may use agentctl."), "\(text)")
                    _ = try await psql(url, "SELECT agentctl.grant_roles()")
                    let closed = try await agentctl("doctor", "--json", url: url)
                    #expect(closed.status == 0, "\(closed.output)")
                    #expect(try checks(closed)["privileges"] == "ok" && checks(closed)["owner"] == "ok")
                }
            }
        }
    }

    @Test func aMemberOfTheQueryRoleIsReported() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = "member_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(name) IN ROLE agentctl_query")
            let result = try await agentctl("doctor", "--json", url: url)
            _ = try await psql(url, "DROP ROLE \(name)")
            #expect(try checks(result)["agentctl_query"] == "warning", "\(result.output)")
        }
    }

    @Test(arguments: ["turn", "node_run"])
    func aMonthThatIsMissingIsAFailureWhicheverTableItIs(_ parent: String) async throws {
        try await withDatabase(template: .seeded) { url in
            let month = try await psql(url, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')")
            _ = try await psql(url, "ALTER TABLE agentctl.\(parent) DETACH PARTITION agentctl.\(parent)_\(month)")
            let result = try await agentctl("doctor", url: url)
            #expect(result.status == 1)
            #expect(result.output.contains("none for this month: \(parent);"), "\(result.output)")
            _ = try await psql(url, "SELECT agentctl.create_partitions()")
            #expect(try await agentctl("doctor", url: url).status == 0)
        }
    }

    @Test func aMissingMonthBetweenOthersIsNotCountedAsMade() async throws {
        try await withDatabase(template: .seeded) { url in
            let month = try await psql(
                url,
                "SELECT to_char((now() AT TIME ZONE 'UTC') + interval '2 months', 'YYYY_MM')"
            )
            _ = try await psql(url, "ALTER TABLE agentctl.step DETACH PARTITION agentctl.step_\(month)")
            let result = try await agentctl("doctor", "--json", url: url)
            #expect(try checks(result)["partitions"] == "warning", "\(result.output)")
            _ = try await psql(url, "SELECT agentctl.create_partitions()")
            #expect(try checks(try await agentctl("doctor", "--json", url: url))["partitions"] == "ok")
        }
    }

    @Test(arguments: ["agentctl_client", "agentctl_approver"])
    func whoMayNotLookIsToldWhatTheyMayDo(_ role: String) async throws {
        try await withDatabase(template: .seeded) { url in
            let name = "looker_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(name) LOGIN IN ROLE \(role)")
            let result = try await agentctl("doctor", url: url.replacingUser(with: name))
            _ = try await psql(url, "DROP ROLE \(name)")
            #expect(result.status == 0, "\(result.output)")
            let may = role == "agentctl_client" ? "send messages, decide about calls" : "decide about calls"
            #expect(result.output.contains("this user may \(may); not"), "\(result.output)")
            #expect(result.output.contains("partitions  ") && result.output.contains("not allowed to look"))
        }
    }

    @Test func statementsAreReadCommittedWhateverTheDatabaseSays() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = try await psql(url, "SELECT current_database()")
            _ = try await psql(url, "ALTER DATABASE \(name) SET default_transaction_isolation = 'serializable'")
            #expect(try await psql(url, "SHOW default_transaction_isolation") == "serializable")
            let result = try await agentctl("doctor", "--json", url: url)
            #expect(try checks(result)["isolation"] == nil && checks(result)["server"] == "ok", "\(result.output)")
        }
    }

    @Test func theKeyReachesTheModelsServerAndOnlyThere() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withMockServer { request in
                .text("", status: request.headers.first(name: "Authorization") == "Bearer k-1" ? 200 : 401)
            } perform: { server in
                let model = """
                    {"kind": "model", "name": "m", "provider": "openai", "base_url": "\(server.url)/v1", "model": "x",
                     "api_key_env": "TEST_KEY"}
                    """
                #expect(try await agentctl("register", "-", url: url, input: model).status == 0)
                let right = try await agentctl("doctor", "--json", url: url, environment: ["TEST_KEY": "k-1"])
                #expect(try checks(right)["model m"] == "ok", "\(right.output)")
                let wrong = try await agentctl("doctor", "--json", url: url, environment: ["TEST_KEY": "k-2"])
                #expect(try checks(wrong)["model m"] == "failed")
                #expect(!(right.output + wrong.output).contains("k-"))
                #expect(await server.requests.map(\.path) == ["/v1/models", "/v1/models"])
            }
        }
    }

    @Test func eachLayerOfTheSandboxIsAttackedWhateverTheServerDoes() async throws {
        let result = try await agentctl("doctor", "--json", url: "postgresql://x@127.0.0.1:1/x")
        let checks = try checks(result)
        let layers = [
            "network", "files", "environment", "landlock", "system_calls", "memory", "time", "processes", "shell",
        ]
        #expect(checks["sandbox"] == "ok", "\(result.output)")
        for layer in layers { #expect(checks["sandbox \(layer)"] == "ok", "\(result.output)") }
        let text = try await agentctl("doctor", url: "postgresql://x@127.0.0.1:1/x").output
        #expect(text.contains("held against 6 attacks, such as: opened a socket of AF_INET → EPERM"), "\(text)")
    }

    @Test(
        .enabled(if: LesserMachine.obstacle == nil, "\(LesserMachine.obstacle ?? "")"),
        arguments: LesserMachine.allCases
    )
    func whatThisMachineLacksOfTheSandboxIsToldWithHowToGetIt(machine: LesserMachine) async throws {
        let result = try await agentctl("doctor", "--json", url: "postgresql://x@127.0.0.1:1/x", on: machine)
        let checks = try result.json["checks"]?.arrayValue ?? []
        func message(_ name: String) -> String {
            checks.first { $0["check"]?.stringValue == name }?["message"]?.stringValue ?? ""
        }
        let isNone = machine == .withoutEither
        #expect(
            message("sandbox").hasPrefix(isNone ? "none: functions" : "reduced: functions are held by fewer layers")
        )
        #expect(message("sandbox files").hasPrefix(isNone ? "missing" : "held"), "\(result.output)")
        switch machine {
        case .withoutBubblewrap:
            #expect(message("sandbox shell").contains("/usr/bin/bwrap is missing: apt-get install bubblewrap"))
        case .withoutUserNamespaces, .withoutNamespaces, .withoutEither:
            #expect(message("sandbox shell").contains("the kernel gives no namespaces"))
            #expect(message("sandbox shell").contains("user.max_user_namespaces above 0"))
        case .withoutLandlock: #expect(message("sandbox shell").hasPrefix("held"))
        }
        let lacksLandlock = machine == .withoutLandlock || isNone
        #expect(message("sandbox landlock").contains("the kernel has no Landlock: Linux 5.13") == lacksLandlock)
    }

    @Test func whatTheSandboxLacksIsAWarningWhatGivesWayAFailure() {
        let missing = SandboxLayer("landlock", .missing, "the kernel has no Landlock")
        let broken = SandboxLayer("network", .broken, "opened a socket → NOT REFUSED (3)")
        let workspace = SandboxLayer("workspace", .missing, "there is no workspace")
        let reduced = SandboxExamination(level: .reduced, layers: [missing, workspace]).checks
        #expect(reduced.map(\.name) == ["sandbox", "sandbox landlock"])
        #expect(reduced.map(\.status) == [.warning, .warning])
        #expect(SandboxExamination(level: .none, layers: [missing]).checks.map(\.status) == [.warning, .warning])
        #expect(SandboxExamination(level: .none, layers: [broken]).checks.map(\.status) == [.failed, .failed])
    }

    @Test func withoutASchemaOrAServer() async throws {
        try await withDatabase { url in
            let result = try await agentctl("doctor", "--json", url: url)
            #expect(result.status == 1)
            #expect(try checks(result)["schema"] == "failed")
        }
        let unreachable = try await agentctl("doctor", "--json", url: "postgresql://x@127.0.0.1:1/x")
        #expect(unreachable.status == 5)
        #expect(try checks(unreachable).filter { !$0.key.hasPrefix("sandbox") } == ["server": "failed"])
    }
}
