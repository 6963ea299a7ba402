/// One of the layers that hold untrusted code, and whether it held when it was attacked.
public struct SandboxLayer: Sendable, Hashable {
    /// Whether it holds.
    public enum State: String, Sendable, Hashable {
        /// It was attacked, and held.
        case holds
        /// The machine has it not; other layers hold.
        case missing
        /// It was attacked, and gave way: nothing may be run.
        case broken
    }

    /// A short name such as user_namespace, network, files, landlock, system_calls or memory.
    public let name: String
    /// Whether it holds.
    public let state: State
    /// What was tried and with what result; or what is missing and how to get it.
    public let detail: String

    /// A layer.
    public init(_ name: String, _ state: State, _ detail: String) {
        self.name = name
        self.state = state
        self.detail = detail
    }
}
