package import JSON
internal import Sandbox

/// What came of one example of a function.
package struct FunctionTestResult: Sendable {
    /// The function's name.
    package let function: String
    /// The function's version.
    package let version: Int
    /// Which example, from 1.
    package let number: Int
    /// The arguments.
    package let arguments: JSONValue
    /// What was wrong; nil when it was as the example says.
    package let failure: String?
    /// What came of the call.
    package let outcome: FunctionOutcome

    package init(_ function: FunctionDefinition, number: Int, _ example: FunctionExample, _ outcome: FunctionOutcome) {
        self.function = function.name
        version = function.version
        self.number = number
        arguments = example.arguments
        self.outcome = outcome
        failure = Self.failure(of: outcome, expected: example.expectation)
    }

    private static func failure(of outcome: FunctionOutcome, expected: FunctionExample.Expectation) -> String? {
        switch expected {
        case .success: return outcome.failure
        case .result(let result):
            if let failure = outcome.failure { return failure }
            return outcome.result == result
                ? nil : "returned \((outcome.result ?? .null).text), expected \(result.text)"
        case .error(let error):
            guard let failure = outcome.failure else {
                return "returned \((outcome.result ?? .null).text), expected the error \(error)"
            }
            let isExpected =
                outcome.errorType == error || outcome.exitReason.rawValue == error || failure.contains(error)
            return isExpected ? nil : "failed with \(failure), expected the error \(error)"
        }
    }
}
