import JSON
import Logging
import Sandbox

/// A sandbox to attack, with the scene around it; one a user, for the whole corpus.
actor HostileMachine {
    private enum Place {
        case here(Sandbox)
        case probe(HostileProbe)
    }

    nonisolated let scene: HostileScene
    private let place: Place

    private init(_ user: HostileUser) throws {
        scene = try HostileScene()
        try scene.resetWorkspace()
        switch user {
        case .this:
            let logger = Logger(label: "hostile") { _ in SwiftLogNoOpLogHandler() }
            place = .here(Sandbox(SandboxConfiguration(workspace: scene.workspace), logger: logger))
        case .unprivileged:
            place = .probe(
                try HostileProbe(
                    user: HostileUser.unprivilegedNumber,
                    workspace: scene.workspace,
                    environment: ["AGENTCTL_CANARY": scene.secret]
                )
            )
        }
    }

    private static let shared = Machines()

    /// The machine of a user, which lasts as long as the process.
    static func of(_ user: HostileUser) async throws -> HostileMachine { try await shared.machine(of: user) }

    private actor Machines {
        private var machines: [HostileUser: HostileMachine] = [:]

        func machine(of user: HostileUser) throws -> HostileMachine {
            if let machine = machines[user] { return machine }
            let machine = try HostileMachine(user)
            machines[user] = machine
            return machine
        }
    }

    /// What the sandbox says of itself when it is examined.
    struct Examined: Sendable, CustomStringConvertible {
        let level: String
        let layers: [(name: String, state: String, detail: String)]

        var description: String {
            "\(level)\n" + layers.map { "\($0.name) \($0.state): \($0.detail)" }.joined(separator: "\n")
        }
    }

    /// Has the sandbox examine itself.
    func examine() async throws -> Examined {
        switch place {
        case .here(let sandbox):
            let report = await sandbox.examine()
            return Examined(
                level: report.level.rawValue,
                layers: report.layers.map { ($0.name, $0.state.rawValue, $0.detail) }
            )
        case .probe(let probe):
            let report = try await probe.ask(["examine": true])
            let layers = report["layers"]?.arrayValue ?? []
            return Examined(
                level: report["level"]?.stringValue ?? "",
                layers: layers.map {
                    ($0["name"]?.stringValue ?? "", $0["state"]?.stringValue ?? "", $0["detail"]?.stringValue ?? "")
                }
            )
        }
    }

    /// Runs one call of an attack.
    func run(_ step: HostileStep) async throws -> HostileOutcome {
        switch (place, step.code) {
        case (.here(let sandbox), .python(let source)):
            var call = PythonCall(.function(name: "attack"), source: scene.aimed(source))
            call.allowedImports = step.allowedImports
            call.isSafeMode = step.isSafeMode
            call.workspace = step.workspace
            call.limits = step.limits
            call.context = try step.context.map { try JSONValue(parsing: scene.aimed(JSONText($0).string)) }
            return HostileOutcome(try await sandbox.run(call))
        case (.here(let sandbox), .shell(let command)):
            let call = ShellCall(scene.aimed(command), workspace: step.workspace, limits: step.limits)
            return HostileOutcome(try await sandbox.run(call))
        case (.probe(let probe), _):
            return HostileOutcome(try await probe.ask(step.request(in: scene)))
        }
    }
}

extension HostileStep {
    /// What the code may import: whatever the list, the kernel holds.
    var allowedImports: [String] {
        let usual = "json datetime math re collections itertools functools statistics decimal random string"
        return isSafeMode ? usual.split(separator: " ").map(String.init) : ["*"]
    }
}
