/// How a model is asked for calls of tools.
package enum ToolCalling: String, Sendable, Hashable, CaseIterable {
    /// By the protocol of its server.
    case native
    /// In writing, step by step: for models whose servers know no calls.
    case react
}
