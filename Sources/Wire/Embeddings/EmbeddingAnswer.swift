internal import Conversation
package import JSON

import struct FoundationEssentials.Data

/// The answer to a request for embeddings: a vector for each text, in the order of the texts.
package struct EmbeddingAnswer: Sendable, Hashable {
    /// The vectors, each of as many finite numbers as all others.
    package var vectors: [[Float]]
    /// The tokens of the texts as the server counted them; nil if it did not.
    package var inputTokens: Int?

    package init(vectors: [[Float]], inputTokens: Int? = nil) {
        self.vectors = vectors
        self.inputTokens = inputTokens
    }

    /// Reads an answer as a client receives it.
    ///
    /// Vectors may come in any order, each with its index; without indices they are in order. Anything that is not
    /// exactly one vector for each text is refused: a vector of another text would be found for the wrong words.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - count: How many texts were sent.
    ///   - dimensions: How many numbers each vector has; nil for any, the same for all.
    /// - Throws: ``ServerAnswerError``.
    package init(body: String, count: Int, dimensions: Int?) throws(ServerAnswerError) {
        guard case .success(let answer) = JSONValue.parsed(foreign: body) else {
            throw .malformed("the answer is not JSON")
        }
        guard let data = answer.member("data")?.arrayValue else {
            if let report = ServerErrorReport(chunk: answer) { throw .reported(report) }
            throw .malformed("the answer has no list \"data\" of vectors")
        }
        guard data.count == count else {
            throw .malformed("the answer has \(data.count) vectors for \(count) texts")
        }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (position, item) in data.enumerated() {
            let index = try Self.index(of: item, at: position)
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw .malformed("the answer has no vector, or several, for one of the texts: index \(index)")
            }
            vectors[index] = try Self.vector(item.member("embedding"), dimensions: dimensions)
        }
        self.vectors = vectors.compactMap { $0 }
        if let first = self.vectors.first, let other = self.vectors.first(where: { $0.count != first.count }) {
            throw .malformed("the answer has vectors of \(first.count) and of \(other.count) dimensions")
        }
        inputTokens = TokenUsage.tokens(answer["usage"]?["prompt_tokens"] ?? answer["usage"]?["total_tokens"])
    }

    private static func index(of item: JSONValue, at position: Int) throws(ServerAnswerError) -> Int {
        guard let value = item.member("index") else { return position }
        guard let index = value.integerValue, let index = Int(exactly: index) else {
            throw .malformed("an index in the answer is no whole number")
        }
        return index
    }

    private static func vector(_ value: JSONValue?, dimensions: Int?) throws(ServerAnswerError) -> [Float] {
        let vector: [Float]?
        switch value {
        case .array(let numbers)?:
            let read = numbers.compactMap { $0.numberValue.map { Float($0) } }
            vector = read.count == numbers.count ? read : nil
        case .string(let text)?: vector = numbers(ofBase64: text)
        default: vector = nil
        }
        guard let vector, !vector.isEmpty else { throw .malformed("an embedding in the answer is no list of numbers") }
        if let dimensions, vector.count != dimensions {
            throw .malformed("the answer has vectors of \(vector.count) dimensions, expected \(dimensions)")
        }
        guard vector.allSatisfy(\.isFinite), vector.contains(where: { $0 != 0 }) else {
            throw .malformed("a vector in the answer has numbers that are not finite, or nothing but zeros")
        }
        return vector
    }

    private static func numbers(ofBase64 text: String) -> [Float]? {
        guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 4) else { return nil }
        let bytes = Array(data)
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
            return Float(bitPattern: bits)
        }
    }
}

extension EmbeddingAnswer {
    /// The answer as a server sends it.
    ///
    /// - Parameters:
    ///   - model: The model's id.
    ///   - encoding: How the vectors are written.
    package func json(model: String, encoding: EmbeddingRequest.Encoding) -> JSONValue {
        let data = vectors.enumerated().map { index, vector in
            JSONValue.object([
                "object": "embedding", "index": .integer(Int64(index)),
                "embedding": Self.written(vector, as: encoding),
            ])
        }
        let tokens = JSONValue.integer(Int64(inputTokens ?? 0))
        return [
            "object": "list", "model": .string(model), "data": .array(data),
            "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }

    private static func written(_ vector: [Float], as encoding: EmbeddingRequest.Encoding) -> JSONValue {
        switch encoding {
        case .float: .array(vector.map { .number(Double($0)) })
        case .base64:
            .string(
                Data(
                    vector.flatMap { number in
                        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * $0)) }
                    }
                ).base64EncodedString()
            )
        }
    }
}
