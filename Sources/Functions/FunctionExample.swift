package import JSON

/// One call of a function with what has to come of it: a test that is stored with the function.
package struct FunctionExample: Sendable, Hashable {
    /// What has to come of a call.
    package enum Expectation: Sendable, Hashable {
        /// Any result.
        case success
        /// This result.
        case result(JSONValue)
        /// An error of this class, or with this text in its message.
        case error(String)
    }

    /// The arguments.
    package let arguments: JSONValue
    /// What has to come of it.
    package let expectation: Expectation

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
