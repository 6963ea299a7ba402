package import JSON

/// What is to be done for a node.
package enum NodeWork: Sendable, Hashable {
    /// An agent or chain is sent a text or an object.
    case input(JSONValue)
    /// A tool or function is called.
    case arguments(JSONValue)
    /// Its target runs once for each.
    case items([JSONValue])
    /// A person is asked.
    case question(String)
    /// The steps of a plan run.
    case plan(JSONValue)
    /// Votes are counted: `[{voter, weight, answer}]`, `answer` missing where there is none.
    case ballots(JSONValue)

    /// What is stored as the input of the run.
    package var json: JSONValue {
        switch self {
        case .input(let value), .arguments(let value), .plan(let value), .ballots(let value): value
        case .items(let items): .array(items)
        case .question(let text): .string(text)
        }
    }
}

/// How what was done for a node ended.
package enum NodeOutcome: Sendable, Hashable {
    /// With an output, and the nodes that its agent chose to go to.
    case succeeded(JSONValue, choices: [String] = [])
    /// With a failure, and what there is of an output.
    case failed(NodeFailure, partial: JSONValue? = nil)
}
