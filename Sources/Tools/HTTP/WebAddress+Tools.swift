package import Conversation
import Definitions
package import HTTP

extension WebAddress {
    /// The URL without its query, which may hold secrets.
    package var shown: String { origin + target.prefix { $0 != "?" }.description.prefix(utf8: 200) }
}

extension ToolError {
    /// What is wrong with a URL, for the model.
    package init(_ error: WebAddress.Malformed) {
        self.init(.invalidArguments, "The URL is not right: \(error.message).")
    }

    /// Reads a URL or a part of one.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` with what is wrong.
    package static func reading<Value>(_ body: () throws(WebAddress.Malformed) -> Value) throws(ToolError) -> Value {
        do throws(WebAddress.Malformed) { return try body() } catch { throw ToolError(error) }
    }
}
