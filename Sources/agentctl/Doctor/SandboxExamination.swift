import Logging
import Sandbox

/// What `doctor` says of the sandbox, each layer of which is attacked.
struct SandboxExamination {
    let level: SandboxLevel
    let layers: [SandboxLayer]

    init(level: SandboxLevel, layers: [SandboxLayer]) {
        self.level = level
        // Which workspace there will be, only those processes know that are given one.
        self.layers = layers.filter { $0.name != "workspace" || $0.state == .broken }
    }

    /// Examines a sandbox as a worker's, and ends it.
    static func ofThisMachine(logger: Logger) async -> SandboxExamination {
        let sandbox = Sandbox(logger: logger)
        let report = await sandbox.examine()
        await sandbox.shutdown()
        return SandboxExamination(level: report.level, layers: report.layers)
    }

    var checks: [Check] { [summary] + layers.map(check) }

    private var summary: Check {
        let isBroken = layers.contains { $0.state == .broken }
        switch level {
        case .full:
            return Check("sandbox", .ok, "full: \(layers.count) layers were attacked, and all of them hold")
        case .reduced:
            return Check(
                "sandbox",
                .warning,
                "reduced: functions are held by fewer layers; what is missing stands below",
                hint: "Functions run; install or allow what is missing for the rest."
            )
        case .none:
            return Check(
                "sandbox",
                isBroken ? .failed : .warning,
                isBroken
                    ? "none: a layer gave way, so no code is run" : "none: functions, run_python and shell are refused",
                hint: "apt-get install bubblewrap python3, and allow user namespaces; then run agentctl doctor again."
            )
        }
    }

    private func check(_ layer: SandboxLayer) -> Check {
        let name = "sandbox \(layer.name)"
        switch layer.state {
        case .holds:
            let attacks = layer.detail.split(separator: ";").count
            let words = attacks == 1 ? "held" : "held against \(attacks) attacks, such as"
            return Check(name, .ok, "\(words): \(layer.detail.prefix { $0 != ";" })")
        case .missing: return Check(name, .warning, "missing: \(layer.detail)")
        case .broken:
            return Check(name, .failed, "broken: \(layer.detail)", hint: "Report this; until then, no code is run.")
        }
    }
}
