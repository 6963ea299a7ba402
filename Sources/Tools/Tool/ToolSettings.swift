package import Conversation

/// What every tool with a row has in common: the row's word where it says something, otherwise the implementation's.
package struct ToolSettings: Sendable {
    package let specification: ToolSpecification
    package let effect: ToolEffect
    package let limits: ToolLimits

    /// What the row itself says of the effect, for implementations whose effect depends on their configuration.
    var statedEffect: ToolEffect?

    /// The version of the row; nil for a tool without one.
    package var versionID: Int64?
}

/// A tool whose row is read into ``ToolSettings``.
protocol ImplementedTool: Tool {
    var settings: ToolSettings { get }
}

extension ImplementedTool {
    package var specification: ToolSpecification { settings.specification }
    package var effect: ToolEffect { settings.effect }
    package var limits: ToolLimits { settings.limits }
}
