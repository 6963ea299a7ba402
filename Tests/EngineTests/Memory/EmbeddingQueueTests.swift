import HTTP
import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Store
@testable import Tools

/// Memories get their vectors from a worker, whatever the embedder does.
@Suite struct EmbeddingQueueTests {
    /// Runs a test over an embedder that is in force.
    private func withEmbedder(
        more: String = "",
        _ script: @escaping @Sendable (MockEmbedder.Request) async throws -> MockEmbedder.Reply,
        _ body: (Bench, MockEmbedder, EmbeddingQueue) async throws -> Void
    ) async throws {
        try await withMockEmbedder(script) { mock in
            try await withBench { bench in
                try await bench.register(RecordedVectors.document(at: mock.baseURL, more: more))
                try await bench.script("UPDATE agentctl.setting SET value = 'e5' WHERE name = 'embedder'")
                let queue = EmbeddingQueue(
                    context: .made(bench.work, 0),
                    embedder: Embedder(http: bench.http, environment: [:]),
                    wakeUp: WakeUp()
                )
                try await body(bench, mock, queue)
            }
        }
    }

    private static let count: PostgresStatement = """
        SELECT (SELECT count(*) FROM agentctl.memory_vector) || ' ' || (SELECT count(*) FROM agentctl.memory_signature)
            || ' ' || (SELECT count(*) FROM agentctl.embedding_job) AS text
        """

    @Test func wordsAndMeaningFindMoreThanEitherAlone() async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            recorded.reply(to: request)
        } _: { bench, mock, queue in
            let memories = recorded.labelled["memories"]?.arrayValue ?? []
            for memory in memories {
                _ = try await bench.client.query(
                    "SELECT agentctl.remember($1, key => $2)",
                    [.text(memory["text"]?.stringValue ?? ""), .text(memory["id"]?.stringValue ?? "")]
                )
            }
            while try await bench.text(Self.count) != "\(memories.count) \(memories.count) 0" {
                let wait = await queue.step()
                if wait > .seconds(1) { break }
            }
            #expect(try await bench.text(Self.count) == "\(memories.count) \(memories.count) 0")
            let space = try #require(try await bench.work.embedder()?.space)
            #expect(await mock.requests[0].inputs.count == 64)
            let provider = try await queue.provider(bench)
            var hits = (words: 0, meaning: 0, both: 0)
            var answerable = 0
            var wrong = (atDefault: 0, above: 0)
            for query in recorded.labelled["queries"]?.arrayValue ?? [] {
                let text = query["text"]?.stringValue ?? ""
                let answers = (query["answers"]?.arrayValue ?? []).compactMap(\.stringValue)
                let vector = try await provider.embed(question: text).vectors[0]
                let bits = VectorBits(vector, around: space.center)
                if answers.isEmpty {
                    wrong.atDefault += try await found(bench, text, bits, space.id, least: 0.15, limit: 1).count
                    wrong.above += try await found(bench, text, bits, space.id, least: 0.2, limit: 1).count
                    continue
                }
                answerable += 1
                let both = try await found(bench, text, bits, space.id)
                let words = try await found(bench, text, nil, space.id)
                let meaning = try await found(bench, "", bits, space.id)
                hits.both += both.contains { answers.contains($0) } ? 1 : 0
                hits.words += words.contains { answers.contains($0) } ? 1 : 0
                hits.meaning += meaning.contains { answers.contains($0) } ? 1 : 0
            }
            #expect(answerable == 85)
            #expect(Double(hits.words) / 85 >= 0.62, "\(hits)")
            #expect(Double(hits.both) / 85 >= 0.93, "\(hits)")
            #expect(hits.both >= hits.words - 1 && hits.both >= hits.meaning - 1, "\(hits)")
            // What has its subject in common with a question, and does not answer it, is about as similar as 0.3.
            #expect(wrong.atDefault <= 4 && wrong.above == 0, "\(wrong)")
        }
    }

    private func found(
        _ bench: Bench,
        _ text: String,
        _ bits: VectorBits?,
        _ space: Int,
        least: Double = 0,
        limit: Int64 = 5
    ) async throws -> [String] {
        try await bench.texts(
            """
            SELECT key AS text FROM agentctl.recall_memories($1, k => $2::integer, minimum_relevance => $3, vector =>
                CASE WHEN $5::text IS NOT NULL THEN ROW($4::integer, $5::varbit, $6::varbit)::agentctl.vector_query END)
            """,
            [
                .text(text), .integer(limit), .double(least), .integer(Int64(space)), .optional(bits?.signs),
                .optional(bits?.levels),
            ]
        )
    }

    @Test func aTextThatIsRefusedIsAloneAndTheOthersHaveVectors() async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            if request.inputs.contains(where: { $0.contains("bad") }) { return .error(status: 400) }
            return recorded.reply(to: request)
        } _: { bench, _, queue in
            for text in ["one", "two", "bad", "four", "five"] { try await bench.remembered("'\(text)'") }
            // The space, then the memories.
            _ = await queue.step()
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "4 4 1")
            let left = try await bench.texts(
                """
                SELECT m.content || ' ' || j.attempt || ' ' || (j.not_before > now() + interval '30 s') AS text
                FROM agentctl.embedding_job AS j JOIN agentctl.memory AS m ON m.id = j.memory_id
                """
            )
            #expect(left == ["bad 1 true"])
            // It is not asked about again before its time.
            #expect(await queue.step() > .zero)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.embedding_call") == "6")
        }
    }

    @Test(arguments: [
        "the answer has 1 vectors", "the server answered with status 500", "expected 384", "not finite",
    ])
    func whatIsNoWholeAnswerIsNotStoredAndSaidWhy(reason: String) async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            guard request.inputs.contains("passage: one") else { return recorded.reply(to: request) }
            switch reason {
            case "the answer has 1 vectors": return .vectors([[1, 2]])
            case "not finite":
                return .vectors(request.inputs.map { _ in [Float](repeating: .nan, count: 384) }, isBase64: true)
            case "expected 384": return .vectors(request.inputs.map { _ in [1, 2, 3] })
            default: return .error(status: 500)
            }
        } _: { bench, _, queue in
            for text in ["one", "two"] { try await bench.remembered("'\(text)'") }
            _ = await queue.step()
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "0 0 2")
            let problem = try await bench.text("SELECT problem AS text FROM agentctl.vector_space")
            #expect(problem?.contains(reason) == true)
            // What is remembered is found by its words.
            #expect(try await bench.recalled("'two'") == ["two"])
        }
    }

    @Test func whatIsChangedOrForgottenWhileItIsEmbeddedIsNotStored() async throws {
        let recorded = try RecordedVectors()
        let change = Mutex<(@Sendable () async throws -> Void)?>(nil)
        try await withEmbedder { request in
            let work = change.withLock { change in
                defer { if request.inputs.contains("passage: one") { change = nil } }
                return request.inputs.contains("passage: one") ? change : nil
            }
            try await work?()
            return recorded.reply(to: request)
        } _: { bench, _, queue in
            try await bench.remembered("'one', key => 'a'")
            let gone = try #require(try await bench.remembered("'two'"))
            try await bench.remembered("'three'")
            _ = await queue.step()
            change.withLock { change in
                change = {
                    try await bench.remembered("'other', key => 'a'")
                    try await bench.script("SELECT agentctl.forget(\(gone))")
                }
            }
            _ = await queue.step()
            let stored = try await bench.texts(
                """
                SELECT m.content AS text FROM agentctl.memory_vector AS v
                JOIN agentctl.memory AS m ON m.id = v.memory_id
                """
            )
            #expect(stored == ["three"])
            // What it says now is embedded next.
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "2 2 0")
        }
    }

    @Test func twoWorkersTakeDifferentMemoriesAndALostOneLetsThemGo() async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            recorded.reply(to: request)
        } _: { bench, _, queue in
            for text in ["one", "two", "three"] { try await bench.remembered("'\(text)'") }
            _ = await queue.step()
            let space = try #require(try await bench.work.embedder()?.space?.id)
            let first = try await bench.work.claimEmbeddings(in: space, maximum: 2)
            let second = try await bench.work.claimEmbeddings(in: space, maximum: 5)
            #expect(first.map(\.content) == ["three", "two"] && second.map(\.content) == ["one"])
            #expect(try await bench.work.claimEmbeddings(in: space, maximum: 5) == [])
            // Both are lost: a minute later another one takes what they had.
            try await bench.script("UPDATE agentctl.embedding_job SET not_before = not_before - interval '61 s'")
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "3 3 0")
        }
    }

    @Test func anotherModelIsAnotherSpaceThatIsFilledBeside() async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            request.model == "e5-small"
                ? recorded.reply(to: request)
                : .vectors(request.inputs.map { [Float($0.utf8.count), 1, 2, 3, 4, 5, 6, 7] })
        } _: { bench, mock, queue in
            for text in ["one", "two", "three"] { try await bench.remembered("'\(text)'") }
            _ = await queue.step()
            _ = await queue.step()
            try await bench.register(
                """
                {"kind": "model", "name": "e5", "provider": "openai", "purpose": "embedding",
                 "base_url": "\(mock.baseURL)", "model": "other", "dimensions": 8}
                """
            )
            _ = await queue.step()
            let states: PostgresStatement = """
                SELECT string_agg(model || ' ' || state || ' ' || (
                    SELECT count(*) FROM agentctl.memory_vector AS v WHERE v.space_id = p.id), ', ' ORDER BY id) AS text
                FROM agentctl.vector_space AS p
                """
            #expect(try await bench.text(states) == "e5-small in_force 3, other building 0")
            _ = await queue.step()
            _ = await queue.step()
            #expect(try await bench.text(states) == "other in_force 3")
        }
    }

    @Test func theEmbedderBeforeIsStillThereWhenItIsNamedAgain() async throws {
        let recorded = try RecordedVectors()
        try await withEmbedder { request in
            request.model == "e5-small"
                ? recorded.reply(to: request)
                : .vectors(request.inputs.map { [Float($0.utf8.count), 1, 2, 3, 4, 5, 6, 7] })
        } _: { bench, mock, queue in
            for text in ["one", "two"] { try await bench.remembered("'\(text)'") }
            _ = await queue.step()
            _ = await queue.step()
            try await bench.register(
                """
                {"kind": "model", "name": "other", "provider": "openai", "purpose": "embedding",
                 "base_url": "\(mock.baseURL)", "model": "other", "dimensions": 8}
                """
            )
            try await bench.script("UPDATE agentctl.setting SET value = 'other' WHERE name = 'embedder'")
            _ = await queue.step()
            try await bench.script("UPDATE agentctl.setting SET value = 'e5' WHERE name = 'embedder'")
            // The other one has all that it needs to be put in force, and is not.
            try await bench.script("DELETE FROM agentctl.embedding_job")
            try await bench.work.settleSpaces()
            let spaces = try await bench.texts("SELECT embedder || ' ' || state AS text FROM agentctl.vector_space")
            #expect(spaces == ["e5 in_force"])
            #expect(try await bench.text(Self.count) == "2 2 0")
        }
    }

    @Test func whatWaitedForAServerThatWasAwayIsEmbeddedAsSoonAsItAnswers() async throws {
        let recorded = try RecordedVectors()
        let isAway = Mutex(false)
        try await withEmbedder { request in
            isAway.withLock { $0 } ? .error(status: 500) : recorded.reply(to: request)
        } _: { bench, _, queue in
            for text in ["one", "two"] { try await bench.remembered("'\(text)'") }
            _ = await queue.step()
            isAway.withLock { $0 = true }
            // As after hours: the last attempts are near, and are not used up.
            try await bench.script("UPDATE agentctl.embedding_job SET attempt = 7")
            _ = await queue.step()
            let attempts = try await bench.texts("SELECT DISTINCT attempt::text AS text FROM agentctl.embedding_job")
            #expect(attempts == ["6"])
            isAway.withLock { $0 = false }
            #expect(try await bench.work.embedder()?.space?.waiting == 0)
            try await bench.remembered("'three'")
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "1 1 2")
            #expect(
                try await bench.text("SELECT coalesce(problem, 'none') AS text FROM agentctl.vector_space") == "none"
            )
            _ = await queue.step()
            #expect(try await bench.text(Self.count) == "3 3 0")
        }
    }

    @Test func aWorkerEmbedsWhatIsRememberedOnceAnEmbedderIsNamed() async throws {
        let recorded = try RecordedVectors()
        try await withMockEmbedder { request in
            recorded.reply(to: request)
        } perform: { mock in
            try await withBench { bench in
                let worker = Worker(
                    store: bench.work,
                    registry: bench.registry,
                    services: ToolServices(),
                    embedder: Embedder(http: bench.http, environment: [:]),
                    logger: .silent
                )
                let run = Task { try await worker.run() }
                try await bench.remembered("'one'")
                try await bench.register(RecordedVectors.document(at: mock.baseURL))
                try await bench.script("UPDATE agentctl.setting SET value = 'e5' WHERE name = 'embedder'")
                try await eventually("the first vector") { try await bench.text(Self.count) == "1 1 0" }
                try await bench.remembered("'two'")
                try await eventually("the next one") { try await bench.text(Self.count) == "2 2 0" }
                run.cancel()
                _ = try? await run.value
            }
        }
    }

    @Test func anEmbedderIsAModelThatMakesVectors() async throws {
        try await withBench { bench in
            try await bench.register(
                """
                {"kind": "model", "name": "talker", "provider": "openai", "model": "m",
                 "base_url": "http://localhost/v1"}
                """
            )
            let state = "UPDATE agentctl.setting SET value = 'NAME' WHERE name = 'embedder'"
            #expect(try await bench.sqlState(of: state.replacing("NAME", with: "talker")) == "AC001")
            #expect(try await bench.sqlState(of: state.replacing("NAME", with: "missing")) == "AC002")
        }
    }
}

extension EmbeddingQueue {
    /// What the queue asks.
    fileprivate func provider(_ bench: Bench) async throws -> EmbeddingProvider {
        let inForce = try await bench.work.embedder()
        return try await embedder.provider(
            name: inForce?.name ?? "",
            versionID: inForce?.versionID ?? 0,
            document: inForce?.document ?? .null
        )
    }
}
