package import Conversation
internal import JSON

// Calls that are not made.
extension ReactForm {
    /// What is wrong with a call that was made directly before, in the same turn; nil for another one.
    ///
    /// Small models repeat a call for ever whose result they have.
    ///
    /// - Parameters:
    ///   - name: The tool.
    ///   - arguments: The arguments.
    ///   - last: The call before; nil if there is none.
    package static func repetition(of name: String, _ arguments: String, after last: ToolCallRequest?) -> String? {
        guard let last, last.name == name, same(last.arguments, arguments) else { return nil }
        return "You have just called \(name) with the same arguments: its result is above. Use it, and finish."
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        guard let left = try? JSONValue(parsing: left), let right = try? JSONValue(parsing: right) else {
            return left == right
        }
        return left == right
    }
}
