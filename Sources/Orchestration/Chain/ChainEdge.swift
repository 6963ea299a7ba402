package import JSON

/// A way from one node of a chain to another.
package struct ChainEdge: Sendable {
    /// What takes it.
    package enum Trigger: String, Sendable, Hashable, CaseIterable {
        case success, failure, always
        /// That the bound of a loop was reached.
        case limit
    }

    /// The node that it leaves.
    package let source: String

    /// The node that it leads to; nil for the end of the chain.
    package let target: String?

    /// What takes it.
    package let trigger: Trigger

    /// Whether it is taken only where no other edge upon the success of its node is.
    package let isOtherwise: Bool

    /// Whether the agent of its node chooses it.
    package let isChosen: Bool

    /// Of an edge that leads back: the most iterations of its loop, the first included.
    package let bound: Int?

    /// What has to hold.
    let condition: ChainCondition?

    /// An edge.
    ///
    /// - Parameters:
    ///   - source: The node that it leaves.
    ///   - target: The node that it leads to; nil for the end of the chain.
    ///   - trigger: What takes it.
    ///   - condition: `{{…}}`, `not {{…}}`, or JSON Schemas by reference.
    ///   - isOtherwise: Whether it is taken only where no other edge upon success is.
    ///   - isChosen: Whether the agent of its node chooses it.
    ///   - bound: Of an edge that leads back, the most iterations.
    /// - Throws: ``ChainError`` for a condition that cannot be read.
    package init(
        from source: String,
        to target: String?,
        upon trigger: Trigger = .success,
        when condition: JSONValue? = nil,
        isOtherwise: Bool = false,
        isChosen: Bool = false,
        bound: Int? = nil
    ) throws(ChainError) {
        self.source = source
        self.target = target
        self.trigger = trigger
        self.isOtherwise = isOtherwise
        self.isChosen = isChosen
        self.bound = bound
        self.condition = try condition.map { (value) throws(ChainError) in
            try ChainCondition(value, place: "\(source) → \(target ?? "end")")
        }
    }
}
