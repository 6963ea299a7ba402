public import JSON

/// One call of a function with what has to come of it: a test that is stored with the function.
public struct FunctionExample: Sendable, Hashable {
    /// What has to come of a call.
    public enum Expectation: Sendable, Hashable {
        /// Any result.
        case success
        /// This result.
        case result(JSONValue)
        /// An error of this class, or with this text in its message.
        case error(String)
    }

    /// The arguments.
    public let arguments: JSONValue
    /// What has to come of it.
    public let expectation: Expectation

    /// Reads an example from a function's document.
    init(document: JSONValue) {
        arguments = document["arguments"] ?? [:]
        if let error = document["error"]?.stringValue {
            expectation = .error(error)
        } else if let result = document["result"] {
            expectation = .result(result)
        } else {
            expectation = .success
        }
    }
}
