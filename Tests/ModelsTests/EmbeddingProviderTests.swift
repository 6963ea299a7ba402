import HTTP
import JSON
import TestSupport
import Testing
import Wire

@testable import Conversation
@testable import Models

/// A server of embeddings is asked for vectors, and believed only where its answer is whole.
@Suite struct EmbeddingProviderTests {
    private static func document(_ baseURL: String, _ more: JSONObject = [:]) -> JSONValue {
        var document: JSONObject = [
            "kind": "model", "name": "e5", "provider": "openai", "purpose": "embedding", "model": "e5-small",
            "base_url": .string(baseURL), "dimensions": 2, "prices": ["input": 10],
        ]
        for member in more { document[member.key] = member.value }
        return .object(document)
    }

    private func withProvider<Result>(
        _ baseURL: String,
        _ more: JSONObject = [:],
        _ body: (EmbeddingProvider) async throws -> Result
    ) async throws -> Result {
        let http = HTTPClient()
        do {
            // Of two dimensions, so that vectors can be read; a document has eight at least.
            var registered = more
            registered["dimensions"] = 8
            registered["max_input_bytes"] = nil
            let whole = try EmbeddingModel(name: "e5", versionID: 1, document: Self.document(baseURL, registered))
            var model = EmbeddingModel(model: whole.model, dimensions: 2)
            model.sendsDimensions = whole.sendsDimensions
            model.documentPrefix = whole.documentPrefix
            model.questionPrefix = whole.questionPrefix
            if let bytes = more["max_input_bytes"]?.integerValue { model.maximumInputBytes = Int(bytes) }
            let result = try await body(EmbeddingProvider(model: model, http: http, environment: [:]))
            await http.shutdown()
            return result
        } catch {
            await http.shutdown()
            throw error
        }
    }

    /// The error of an answer to two texts.
    private func error(_ reply: MockEmbedder.Reply) async throws -> ModelError? {
        try await withMockEmbedder { _ in
            reply
        } perform: { mock in
            try await withProvider(mock.baseURL) { provider in
                await #expect(throws: ModelError.self) { try await provider.embed(documents: ["a", "b"]) }
            }
        }
    }

    @Test func textsHaveTheirPrefixAreCutAndBecomeVectorsInOrder() async throws {
        let more: JSONObject = [
            "document_prefix": "passage: ", "question_prefix": "query: ", "max_input_bytes": 12,
            "send_dimensions": true,
        ]
        try await withMockEmbedder { request in
            .vectors(request.inputs.map { [Float($0.utf8.count), 1] }, tokens: 7)
        } perform: { mock in
            try await withProvider(mock.baseURL, more) { provider in
                let documents = try await provider.embed(documents: ["ab", "abcdé"])
                #expect(documents.vectors == [[11, 1], [12, 1]])
                #expect(documents.tokens == 7 && !documents.isEstimated && documents.cost == 7e-5)
                #expect(try await provider.embed(question: "x").vectors == [[8, 1]])
            }
            let requests = await mock.requests
            #expect(requests.map(\.inputs) == [["passage: ab", "passage: abc"], ["query: x"]])
            #expect(requests.map(\.model) == ["e5-small", "e5-small"] && requests[0].dimensions == 2)
        }
    }

    @Test func numbersAndBase64AreRead() async throws {
        for isBase64 in [false, true] {
            try await withMockEmbedder { _ in
                .vectors([[0.1, -3.5e7]], isBase64: isBase64)
            } perform: { mock in
                try await withProvider(mock.baseURL) { provider in
                    let embeddings = try await provider.embed(question: "x")
                    #expect(embeddings.vectors == [[0.1, -3.5e7]])
                    #expect(await mock.requests[0].dimensions == nil)
                }
            }
        }
    }

    @Test(arguments: [
        (#"{"data": [{"index": 0, "embedding": [1, 2]}]}"#, "the answer has 1 vectors for 2 texts"),
        (
            #"{"data": [{"index": 0, "embedding": [1, 2]}, {"index": 0, "embedding": [1, 2]}]}"#,
            "no vector, or several, for one of the texts: index 0"
        ),
        (#"{"data": [{"index": 1, "embedding": [1, 2]}, {"index": 2, "embedding": [1, 2]}]}"#, "index 2"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": [1, 2, 3]}]}"#, "vectors of 3 dimensions, expected 2"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": [1, 1e300]}]}"#, "not finite"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": [0, 0]}]}"#, "nothing but zeros"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": "AADAfwAAwH8="}]}"#, "not finite"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": "AAAA"}]}"#, "no list of numbers"),
        (#"{"data": [{"embedding": [1, 2]}, {"embedding": [1, null]}]}"#, "no list of numbers"),
        (#"{"data": "x"}"#, "no list"),
        (#"{"data": [{"#, "not JSON"),
    ])
    func anAnswerThatIsNotWholeIsRefused(body: String, message: String) async throws {
        let error = try await error(.response(.text(body)))
        #expect(error?.code == .malformed)
        #expect(error?.message.contains(message) == true)
    }

    @Test func whatAServerDoesWrongIsATypedError() async throws {
        #expect(try await error(.error(status: 429))?.code == .rateLimited)
        #expect(try await error(.error(status: 500))?.code == .server)
        #expect(try await error(.error(status: 400, message: "input is no text"))?.code == .invalidRequest)
        #expect(try await error(.response(.text(#"{"error": {"message": "no such model"}}"#)))?.code == .server)
    }

    @Test func aQuestionIsWaitedForNoLongerThanItsTime() async throws {
        try await withMockEmbedder { _ in
            .response(.hang)
        } perform: { mock in
            try await withProvider(mock.baseURL) { provider in
                let error = await #expect(throws: ModelError.self) {
                    try await provider.embed(question: "x", within: .milliseconds(50))
                }
                #expect(error?.code == .timeout)
            }
        }
    }

    @Test func vectorsInAnotherOrderAreTakenByTheirIndex() throws {
        let body = #"{"data": [{"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2]}]}"#
        let answer = try EmbeddingAnswer(body: body, count: 2, dimensions: 2)
        #expect(answer.vectors == [[1, 2], [3, 4]] && answer.inputTokens == nil)
    }

    @Test func aModelIsForOneThingOnly() async throws {
        let url = "http://127.0.0.1:1/v1"
        let embedding = try Model(name: "e5", versionID: 1, document: Self.document(url))
        let http = HTTPClient()
        let factory = ModelProviderFactory(http: http, environment: [:])
        let refused = #expect(throws: ModelError.self) { try factory.provider(for: embedding) }
        #expect(refused?.code == .configuration)
        #expect(refused?.message.contains("purpose: it is for embedding and answers no messages") == true)
        var chat = Self.document(url).objectValue ?? [:]
        chat["purpose"] = nil
        let error = #expect(throws: ModelError.self) {
            try EmbeddingModel(name: "gpt", versionID: 1, document: .object(chat))
        }
        #expect(error?.message.contains("purpose: expected embedding") == true)
        await http.shutdown()
    }
}
