/// A Swift implementation that rows can name.
public struct ToolImplementation: Sendable {
    /// The name by which rows refer to it.
    public let name: String

    /// What the model is told unless the row says something else.
    public let description: String

    /// What a call does to the world unless the row says something else.
    public let effect: ToolEffect

    /// The arguments, from which the input schema is generated unless the row has one.
    public let parameters: [ToolParameter]

    /// The members that a row's `configuration` may have.
    public let configurationMembers: [String]

    /// Makes the tool; mistakes in the configuration are left with the reader.
    let make: @Sendable (ToolSettings, DocumentReader) -> any Tool
}
