/// A command that calls tools, here or in what it starts.
protocol ToolCommand: Command {
    /// What tools may see.
    var tools: ToolOptions { get }
}
