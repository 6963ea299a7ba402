package import JSON

/// One visit of a node, as it is stored and as a machine resumes from it.
package struct NodeRun: Sendable, Hashable {
    /// The node and its visit: the same in every run of a chain, in whatever order nodes finish.
    package struct Key: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// The node.
        package let node: String
        /// Counts from 1.
        package let visit: Int

        package var description: String { "\(node)#\(visit)" }

        package static func < (left: Key, right: Key) -> Bool {
            (left.node, left.visit) < (right.node, right.visit)
        }

        /// A visit.
        package init(_ node: String, _ visit: Int) {
            self.node = node
            self.visit = visit
        }
    }

    /// How a visit ended.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case succeeded, failed, cancelled
    }

    /// Which visit of which node.
    package let key: Key
    /// The runs that led to it.
    package let after: [Key]
    /// The longest way of runs to it, from 1.
    package let level: Int
    /// How it ended.
    package let status: Status
    /// What it was sent; nil where nothing could be made of its templates.
    package let input: JSONValue?
    /// What it gave; a vote that decides nothing fails with one, too.
    package let output: JSONValue?
    /// What it wrote, by key of the state.
    package let writes: [String: JSONValue]
    /// The nodes that its agent chose to go to.
    package let choices: [String]
    /// Why it failed.
    package let failure: NodeFailure?
}

/// Why a node failed.
package struct NodeFailure: Error, Sendable, Hashable {
    /// A word: `template`, `invalid_output`, `no_decision`, `timeout`, or a turn's own error.
    package let code: String
    /// What happened, in a sentence.
    package let message: String

    /// A failure.
    package init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    func json(node: String) -> JSONValue {
        ["code": .string(code), "message": .string(message), "node": .string(node)]
    }
}
