/// How much of the sandbox this machine can give.
public enum SandboxLevel: String, Sendable, Hashable, CaseIterable {
    /// Every layer.
    case full
    /// Fewer layers, still enough to run untrusted code.
    case reduced
    /// Not enough: nothing is run.
    case none
}
