/// What a ``ChainMachine`` asks for.
package enum ChainAction: Sendable, Hashable {
    /// A node is to be run. A later attempt, counted from 1, has the same key.
    case start(NodeRun.Key, NodeWork, attempt: Int)
    /// A run has ended, and is to be stored.
    case store(NodeRun)
    /// A run that was started is to be stopped; it is not reported to the machine.
    case cancel(NodeRun.Key)
    /// The chain has ended.
    case end(ChainResult)
}
