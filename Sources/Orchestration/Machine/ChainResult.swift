package import JSON

/// What a chain came to.
package struct ChainResult: Sendable, Hashable {
    /// Whether it ran to its end.
    package let success: Bool
    /// What it returns: its `output`, or the output of the last node; nil where it failed or nothing gave any.
    package let finalOutput: JSONValue?
    /// The last output of each node that gave one.
    package let stageOutputs: [String: JSONValue]
    /// The node whose failure ended it.
    package let failedStage: String?
    /// Why that node failed.
    package let failure: NodeFailure?
}
