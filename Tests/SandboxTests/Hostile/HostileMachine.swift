import JSON
import Logging
import Sandbox
import SandboxProbe
import TestSupport

/// A sandbox to attack, with the scene around it; one a user and machine, for the whole corpus.
actor HostileMachine {
    private enum Place {
        case here(Sandbox)
        case probe(HostileProbe)
    }

    nonisolated let scene: HostileScene
    private let place: Place

    /// A sandbox with a scene of its own.
    ///
    /// - Parameters:
    ///   - user: Who runs it.
    ///   - machine: What it lacks; nil is the machine as it is.
    private init(_ user: HostileUser, on machine: LesserMachine? = nil) throws {
        scene = try HostileScene(isWorkspaceItself: machine.map { !$0.hasNamespaces } ?? false)
        try scene.resetWorkspace()
        switch user {
        case .this where machine == nil:
            let logger = Logger(label: "hostile") { _ in SwiftLogNoOpLogHandler() }
            place = .here(Sandbox(SandboxConfiguration(workspace: scene.workspace), logger: logger))
        case .this, .unprivileged:
            place = .probe(
                try HostileProbe(
                    user: user == .this ? nil : HostileUser.unprivilegedNumber,
                    machine: machine,
                    workspace: scene.workspace,
                    environment: ["AGENTCTL_CANARY": scene.secret]
                )
            )
        }
    }

    private static let shared = Machines()

    /// Runs `body` with a machine of its own, which is gone afterwards.
    static func with(
        _ user: HostileUser,
        on machine: LesserMachine? = nil,
        _ body: (HostileMachine) async throws -> Void
    ) async throws {
        let own = try HostileMachine(user, on: machine)
        let result: Result<Void, any Error>
        do { result = .success(try await body(own)) } catch { result = .failure(error) }
        if case .here(let sandbox) = own.place { await sandbox.shutdown() }
        try own.scene.remove()
        try result.get()
    }

    /// The machine of a user, which lasts as long as the process: for tests that run one after the other.
    static func of(_ user: HostileUser, on machine: LesserMachine? = nil) async throws -> HostileMachine {
        try await shared.machine(Kind(user: user, machine: machine))
    }

    private struct Kind: Hashable {
        let user: HostileUser
        let machine: LesserMachine?
    }

    private actor Machines {
        private var machines: [Kind: HostileMachine] = [:]

        func machine(_ kind: Kind) throws -> HostileMachine {
            if let machine = machines[kind] { return machine }
            let machine = try HostileMachine(kind.user, on: kind.machine)
            machine.scene.directory.removeAtExit()
            machines[kind] = machine
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

    /// Runs one call of an attack, which has been aimed at the scene.
    func run(_ step: HostileStep) async throws -> HostileOutcome {
        switch (place, step.code) {
        case (.here(let sandbox), .python(let source)):
            var call = PythonCall(.function(name: "attack"), source: source)
            call.allowedImports = step.allowedImports
            call.isSafeMode = step.isSafeMode
            call.workspace = step.workspace
            call.limits = step.limits
            call.context = step.context
            return HostileOutcome(try await sandbox.run(call))
        case (.here(let sandbox), .shell(let command)):
            let call = ShellCall(command, workspace: step.workspace, limits: step.limits)
            return HostileOutcome(try await sandbox.run(call))
        case (.probe(let probe), _):
            return HostileOutcome(try await probe.ask(step.request))
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
