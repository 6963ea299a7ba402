package import Conversation

/// Puts an answer together from what a server sends: one for each dialect.
///
/// A pure state machine: it is given the data of one event after the other and knows nothing of time or connections.
package protocol AnswerAssembler: Sendable {
    /// Whether the server said that nothing follows.
    var isDone: Bool { get }

    /// Whether the answer is complete: all that may still follow is the usage.
    var isComplete: Bool { get }

    /// Whether any piece of text or any tool call has arrived.
    var hasBegun: Bool { get }

    /// Whether anything of the answer has arrived; what the model thinks counts as well.
    var hasAnyPiece: Bool { get }

    /// Bytes of what the answer consists of so far; 0 where the bytes on the wire are what is limited.
    var heldBytes: Int { get }

    /// Takes the data of the next event.
    ///
    /// - Parameters:
    ///   - data: The data.
    ///   - name: The event's type.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ServerAnswerError`` if it contradicts the protocol, reports an error of the server, or exceeds a limit.
    mutating func consume(
        event data: String,
        named name: String?,
        onDelta: (ModelDelta) -> Void
    ) throws(ServerAnswerError)

    /// Takes the body of an answer that is no stream of events.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - onDelta: Receives each piece of the answer.
    /// - Throws: ``ServerAnswerError`` if it is no answer, reports an error of the server, or exceeds a limit.
    mutating func consume(body: String, onDelta: (ModelDelta) -> Void) throws(ServerAnswerError)

    /// The whole answer, once no more events come.
    ///
    /// - Throws: ``ServerAnswerError`` if the answer is incomplete, or its end does not say that it is whole.
    func answer() throws(ServerAnswerError) -> ServerAnswer
}

extension AnswerAssembler {
    package var heldBytes: Int { 0 }

    /// The most parts that an answer may have.
    static func mostItems(forCalls maximumToolCalls: Int) -> Int {
        4 * min(maximumToolCalls, 1_000_000) + 1_000
    }
}
