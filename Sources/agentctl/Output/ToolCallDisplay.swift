import Conversation
import Engine

/// Puts a tool call and its result on one line, as long as no other call comes between.
struct ToolCallDisplay: Sendable {
    private static let width = 100
    /// The call whose line is still open.
    private var open: String?

    /// What to write when a call begins.
    mutating func started(_ call: ToolCallRequest, on stream: TextStream) -> String {
        let before = closeLine()
        open = call.id
        let arguments = Printable.line(call.arguments, width: Self.width)
        return before + "\(stream.styled("⚙ \(Printable.line(call.name, width: 64))", .cyan)) \(arguments)"
    }

    /// What to write when a call ends.
    mutating func finished(id: String, name: String, output: String, isError: Bool, on stream: TextStream) -> String {
        let result = stream.styled(Printable.line(output, width: Self.width), isError ? .red : .bold)
        if open == id {
            open = nil
            return " → \(result)\n"
        }
        return closeLine() + "\(stream.styled("⚙ \(Printable.line(name, width: 64))", .cyan)) → \(result)\n"
    }

    /// What to write before anything else.
    mutating func closeLine() -> String {
        defer { open = nil }
        return open == nil ? "" : "\n"
    }
}
