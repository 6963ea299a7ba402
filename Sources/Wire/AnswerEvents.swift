internal import JSON

/// Reads the events of a streamed answer, in the dialects in which each one is a JSON object.
struct AnswerEvents {
    /// How many were read.
    private(set) var count = 0
    /// An event that ends in its middle; only the last one may, where the stream was cut.
    private var broken: ServerAnswerError?

    /// Whether the server has sent nothing.
    var isEmpty: Bool { count == 0 && broken == nil }

    /// Reads the data of the next event.
    ///
    /// - Parameters:
    ///   - data: The data.
    ///   - name: The event's type; whatever comes under the name `error` is one.
    /// - Returns: The event; nil for data that says nothing.
    /// - Throws: ``ServerAnswerError`` if it is not JSON, or reports an error of the server.
    mutating func next(_ data: String, named name: String?) throws(ServerAnswerError) -> JSONValue? {
        if let broken { throw broken }
        if name?.lowercased() == "error" { throw .reported(ServerErrorReport(eventData: data)) }
        // Some servers end their streams as those of Chat Completions, which says nothing about the answer.
        if data.isBlank || data == "[DONE]" { return nil }
        switch JSONValue.parsed(foreign: data) {
        case .success(let event):
            count += 1
            return event
        case .failure(let error):
            let failure = ServerAnswerError.malformed("event \(count + 1) of the answer is not JSON: \(error.code)")
            guard error.code == .unexpectedEnd else { throw failure }
            broken = failure
            return nil
        }
    }

    /// Reads a body that is no stream: the whole answer as one event.
    ///
    /// - Throws: ``ServerAnswerError`` if it is not JSON.
    mutating func whole(_ body: String) throws(ServerAnswerError) -> JSONValue {
        guard let answer = try? JSONValue(foreign: body) else { throw .malformed("the body of the answer is not JSON") }
        count += 1
        return answer
    }

    /// The error of an event that contradicts the protocol.
    func malformed(_ what: String) -> ServerAnswerError {
        .malformed("event \(count) of the answer: \(what)")
    }
}
