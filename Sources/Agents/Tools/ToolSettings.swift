/// What every tool with a row has in common: the row's word where it says something, otherwise the implementation's.
struct ToolSettings: Sendable {
    let specification: ToolSpecification
    let effect: ToolEffect
    let limits: ToolLimits

    /// What the row itself says of the effect, for implementations whose effect depends on their configuration.
    var statedEffect: ToolEffect?

    /// The version of the row; nil for a tool without one.
    var versionID: Int64?
}

/// A tool whose row is read into ``ToolSettings``.
protocol ImplementedTool: Tool {
    var settings: ToolSettings { get }
}

extension ImplementedTool {
    var specification: ToolSpecification { settings.specification }
    var effect: ToolEffect { settings.effect }
    var limits: ToolLimits { settings.limits }
}
