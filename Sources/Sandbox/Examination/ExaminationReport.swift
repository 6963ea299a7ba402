internal import CSandbox

/// What the findings say of each layer, and of the whole.
struct ExaminationReport: Sendable, Hashable {
    /// What the machine has, as far as it decides whether a layer that is missing is a breach.
    struct Machine: Sendable, Hashable {
        /// What holds functions.
        var isolation: Isolation
        /// Why a stronger isolation was given up.
        var shortcomings: [String]
        /// The version of Landlock; 0 or less without.
        var landlockVersion: Int
    }

    /// The layers, in the order in which they are printed.
    static let names = [
        "user_namespace", "pid_namespace", "network", "files", "environment", "landlock", "system_calls", "memory",
        "time", "processes", "shell", "workspace",
    ]

    /// Layers without which untrusted code is held nevertheless.
    private static let dispensable: Set<String> = ["user_namespace", "pid_namespace", "landlock", "shell", "workspace"]

    let machine: Machine
    let findings: [ExaminationFinding]

    /// Each layer, and whether it held.
    var layers: [SandboxLayer] { Self.names.map(layer) }

    /// How much of the sandbox there is.
    var level: SandboxLevel {
        let layers = layers
        if layers.contains(where: { $0.state == .broken }) { return .none }
        let missing = layers.filter { $0.state == .missing && $0.name != "workspace" }
        if missing.isEmpty { return .full }
        return missing.allSatisfy { Self.dispensable.contains($0.name) } ? .reduced : .none
    }

    /// What is missing or broken, in a sentence; nil if all is well.
    var complaint: String? {
        let worst = layers.filter { $0.state == .broken }
        guard !worst.isEmpty else { return nil }
        return worst.map { "\($0.name): \($0.detail)" }.joined(separator: "; ")
    }

    private func layer(_ name: String) -> SandboxLayer {
        let own = findings.filter { $0.layer == name }
        if let reason = absence(of: name) { return SandboxLayer(name, .missing, reason) }
        let breaches = own.filter { if case .breach = $0.result { true } else { false } }
        if !breaches.isEmpty { return SandboxLayer(name, .broken, text(breaches)) }
        let untried = own.filter { if case .untried = $0.result { true } else { false } }
        if !untried.isEmpty { return SandboxLayer(name, .missing, text(untried)) }
        guard !own.isEmpty else { return SandboxLayer(name, .missing, "it could not be attacked") }
        return SandboxLayer(name, .holds, text(own))
    }

    private func text(_ findings: [ExaminationFinding]) -> String {
        findings.map(\.text).joined(separator: "; ")
    }

    /// Why a layer is known not to be there, so that an attack on it that works is no surprise.
    private func absence(of name: String) -> String? {
        switch name {
        case "landlock" where machine.landlockVersion <= 0:
            "the kernel has no Landlock: Linux 5.13 or newer, with lsm=landlock,… on its command line"
        case "user_namespace" where machine.isolation != .namespaces,
            "pid_namespace" where machine.isolation != .namespaces:
            machine.shortcomings.isEmpty
                ? "the kernel gives no namespaces" : machine.shortcomings.joined(separator: "; ")
        default: nil
        }
    }
}

extension SandboxEngine {
    /// What the machine has, as far as it is known.
    var machine: ExaminationReport.Machine {
        .init(
            isolation: isolation,
            shortcomings: shortcomings,
            landlockVersion: Int(csandbox_landlock_version())
        )
    }
}
