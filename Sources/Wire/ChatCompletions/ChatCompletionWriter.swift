package import Conversation
internal import JSON

/// Writes an answer as a server sends it: whole, or as the data of the events of a stream.
///
/// A stream is ``opening()``, then text and calls piece by piece, ``end(finishReason:)``, ``usage(_:)`` if the client
/// asked for it, and ``endMark``.
///
/// A finish reason is written as it is. Those of the protocol are the raw values of `FinishReason` and `content_filter`.
package struct ChatCompletionWriter: Sendable {
    /// The data of the event after which nothing follows.
    package static let endMark = "[DONE]"

    private let includesUsage: Bool

    /// What the whole answer begins with, and what every chunk begins with, up to the choices.
    private let (answerHead, chunkHead): ([UInt8], [UInt8])

    /// A writer for one answer.
    ///
    /// - Parameters:
    ///   - id: The id of the answer.
    ///   - created: When the answer was begun, in seconds since 1970.
    ///   - modelID: The model that answers.
    ///   - includesUsage: Whether the client asked for the usage at the end of a stream.
    package init(id: String, created: Int64, modelID: String, includesUsage: Bool) {
        func head(_ object: String) -> [UInt8] {
            var frame = JSONFrame()
            frame.raw("{\"id\":")
            frame.write(.string(id))
            frame.writeMember("object", .string(object))
            frame.writeMember("created", .integer(created))
            frame.writeMember("model", .string(modelID))
            frame.raw(",\"choices\":[")
            return frame.bytes
        }
        self.includesUsage = includesUsage
        answerHead = head("chat.completion")
        chunkHead = head("chat.completion.chunk")
    }

    /// The whole answer as one JSON text.
    ///
    /// - Parameters:
    ///   - message: The answer.
    ///   - finishReason: Why the model stopped.
    ///   - usage: The tokens that the call used.
    package func answer(_ message: ChatMessage, finishReason: String, usage: TokenUsage) -> String {
        var frame = JSONFrame(answerHead)
        frame.raw("{\"index\":0,\"message\":")
        frame.write(message) { $0 }
        frame.writeMember("finish_reason", .string(finishReason))
        frame.raw("}]")
        frame.writeMember("usage", usage.chatCompletion)
        frame.raw("}")
        return frame.text
    }

    /// The chunk that a stream begins with.
    package func opening() -> String {
        chunk { $0.raw("\"role\":\"assistant\",\"content\":\"\"") }
    }

    /// A piece of the text.
    package func text(_ piece: String) -> String {
        chunk { frame in
            frame.raw("\"content\":")
            frame.write(.string(piece))
        }
    }

    /// The beginning of a call; its arguments follow.
    ///
    /// - Parameters:
    ///   - index: The call's place among the calls of the answer, from 0.
    ///   - id: The call's id.
    ///   - name: The name of the tool.
    package func call(_ index: Int, id: String, name: String) -> String {
        chunk { frame in
            frame.raw("\"tool_calls\":[{\"index\":\(index),")
            frame.writeCall(id: id, name: name, arguments: "")
            frame.raw("}]")
        }
    }

    /// A piece of the arguments of a call that was begun.
    package func arguments(_ piece: String, ofCall index: Int) -> String {
        chunk { frame in
            frame.raw("\"tool_calls\":[{\"index\":\(index),\"function\":{\"arguments\":")
            frame.write(.string(piece))
            frame.raw("}}]")
        }
    }

    /// The end of the message.
    package func end(finishReason: String) -> String {
        chunk(finishReason: .string(finishReason)) { _ in }
    }

    /// What the call used.
    package func usage(_ usage: TokenUsage) -> String {
        var frame = JSONFrame(chunkHead)
        frame.raw("]")
        frame.writeMember("usage", usage.chatCompletion)
        frame.raw("}")
        return frame.text
    }

    private func chunk(finishReason: JSONValue = .null, _ writeDelta: (inout JSONFrame) -> Void) -> String {
        var frame = JSONFrame(chunkHead)
        frame.raw("{\"index\":0,\"delta\":{")
        writeDelta(&frame)
        frame.raw("}")
        frame.writeMember("finish_reason", finishReason)
        frame.raw("}]")
        if includesUsage { frame.raw(",\"usage\":null") }
        frame.raw("}")
        return frame.text
    }
}
