internal import Definitions
package import JSON

/// A request for embeddings, `POST /v1/embeddings`: texts, each of which becomes a vector.
package struct EmbeddingRequest: Sendable, Hashable {
    /// How vectors are written.
    package enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// Lists of numbers.
        case float
        /// The 32-bit numbers, least byte first, in base64.
        case base64
    }

    /// The model's id at the server.
    package var modelID: String
    /// The texts, in order.
    package var inputs: [String]
    /// How many numbers a vector is to have; nil leaves it to the model.
    package var dimensions: Int?
    /// How the vectors are to be written; nil leaves it to the server, which writes numbers then.
    package var encoding: Encoding?

    package init(modelID: String, inputs: [String], dimensions: Int? = nil, encoding: Encoding? = nil) {
        self.modelID = modelID
        self.inputs = inputs
        self.dimensions = dimensions
        self.encoding = encoding
    }

    /// The request as a client sends it, JSON in UTF-8.
    package var bytes: [UInt8] {
        var frame = JSONFrame()
        frame.raw("{\"model\":")
        frame.write(.string(modelID))
        frame.raw(",\"input\":")
        frame.writeList(inputs) { frame, text in frame.write(.string(text)) }
        frame.writeMember("dimensions", dimensions.map { .integer(Int64($0)) })
        frame.writeMember("encoding_format", encoding.map { .string($0.rawValue) })
        frame.raw("}")
        return frame.bytes
    }

    /// Reads a request as a server receives it; its input is a text or a list of texts.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``RequestError`` with every mistake.
    package init(body: JSONValue) throws(RequestError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(body, path: "", problems: problems) else {
            throw RequestError(problems: problems.list)
        }
        modelID = reader.requiredString("model", maximumBytes: .max) ?? ""
        dimensions = reader.integer("dimensions", in: 1...65_536)
        inputs = Self.inputs(in: reader)
        encoding = nil
        if let name = reader.string("encoding_format", maximumBytes: 64) {
            encoding = Encoding(rawValue: name)
            if encoding == nil { reader.refuse("encoding_format", "expected float or base64") }
        }
        guard problems.list.isEmpty else { throw RequestError(problems: problems.list) }
    }

    private static func inputs(in reader: DocumentReader) -> [String] {
        switch reader.value("input") {
        case .string(let text)?: return [text]
        case .array(let items)?:
            let texts = items.compactMap(\.stringValue)
            if texts.count != items.count || texts.isEmpty {
                reader.refuse("input", "expected a text or a list of texts")
            }
            return texts
        default:
            reader.refuse("input", "expected a text or a list of texts")
            return []
        }
    }
}
