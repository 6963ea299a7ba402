import Glibc
import JSON
import TestSupport

import struct FoundationEssentials.Data

@testable import Engine
@testable import Models

/// The labelled set, and the vectors that a small multilingual model made of its texts and of the sentences that are the
/// center of a space.
struct RecordedVectors: Sendable {
    let labelled: JSONValue
    /// The vectors, by what was sent for them.
    private let vectors: [String: [Float]]

    init() throws {
        labelled = try Self.file("labelled.json")
        let recorded = try Self.file("labelled_vectors.json")
        var vectors: [String: [Float]] = [:]
        for memory in labelled["memories"]?.arrayValue ?? [] {
            let id = memory["id"]?.stringValue ?? ""
            vectors["passage: \(memory["text"]?.stringValue ?? "")"] = Self.vector(recorded["memories"]?[id])
        }
        for (place, query) in (labelled["queries"]?.arrayValue ?? []).enumerated() {
            vectors["query: \(query["text"]?.stringValue ?? "")"] = Self.vector(recorded["queries"]?[place])
        }
        for (place, sentence) in CenterSentences.all.enumerated() {
            vectors["passage: \(sentence)"] = Self.vector(recorded["sentences"]?[place])
        }
        self.vectors = vectors
    }

    /// The document of the model that made them.
    static func document(at baseURL: String, name: String = "e5", more: String = "") -> String {
        """
        {"kind": "model", "name": "\(name)", "provider": "openai", "purpose": "embedding", "base_url": "\(baseURL)",
         "model": "e5-small", "dimensions": 384, "document_prefix": "passage: ", "question_prefix": "query: "\(more)}
        """
    }

    /// Answers with what was recorded; of another text a vector that means nothing, but always the same.
    func reply(to request: MockEmbedder.Request) -> MockEmbedder.Reply {
        .vectors(
            request.inputs.map { text in
                vectors[text]
                    ?? (0..<384).map { place in
                        Float((text.utf8.reduce(place &* 31) { ($0 &* 33 &+ Int($1)) & 0xFFFF }) % 200) / 100 - 1
                    }
            },
            tokens: request.inputs.count
        )
    }

    private static func vector(_ recorded: JSONValue?) -> [Float]? {
        guard let scale = recorded?["scale"]?.numberValue, let text = recorded?["int8"]?.stringValue,
            let data = Data(base64Encoded: text)
        else { return nil }
        return data.map { Float(Int8(bitPattern: $0)) * Float(scale) }
    }

    private static func file(_ name: String) throws -> JSONValue {
        let path = "\(#filePath)".replacing("EngineTests/Memory/RecordedVectors.swift", with: "Fixtures/memory/\(name)")
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &bytes, bytes.count)
        return try JSONValue(parsing: Array(bytes[..<max(0, count)]))
    }
}
