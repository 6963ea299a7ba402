import Conversation
internal import JSON
internal import Logging
import Models
internal import Reactor
import Store

/// Gives memories their vectors, beside the conversations: no turn waits for it.
///
/// A memory that has no vector yet is found by its words. What is lost with a worker is taken again by another one, as
/// a claim holds for a minute only; a vector is stored for the content that it was made of, or not at all.
struct EmbeddingQueue: Sendable {
    let context: WorkerContext
    let embedder: Embedder
    /// Woken when a setting or a model may have changed.
    let wakeUp: WakeUp

    /// How often the worker looks where an embedder is named: short for who remembers something.
    private static let interval: Duration = .seconds(1)
    /// How often it looks where none is named, or it cannot be asked.
    private static let longInterval: Duration = .seconds(30)
    /// Batches that are claimed at once.
    private static let batches = 4

    private var store: WorkStore { context.store }

    /// Works until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let wait = await step()
            if wait > .zero { await wakeUp.wait(upTo: wait) }
        }
    }

    /// Embeds what waits, as much as is claimed at once.
    ///
    /// - Returns: How long there is nothing to do.
    func step() async -> Duration {
        do throws(StoreError) {
            guard let inForce = try await store.embedder() else { return Self.longInterval }
            let provider: EmbeddingProvider
            do throws(ModelError) {
                provider = try await embedder.provider(
                    name: inForce.name,
                    versionID: inForce.versionID,
                    document: inForce.document
                )
            } catch {
                note(error, of: inForce)
                return Self.longInterval
            }
            guard let space = inForce.space else { return try await open(inForce, provider) }
            guard space.waiting > 0 else { return try await settle(space) }
            let size = provider.model.batch
            let memories = try await store.claimEmbeddings(in: space.id, maximum: size * Self.batches)
            guard !memories.isEmpty else { return try await settle(space) }
            return try await embed(memories, in: space, by: provider, inForce) ? .zero : Self.longInterval
        } catch {
            context.outage.failed("embedding memories", error)
            return Self.interval
        }
    }

    /// Puts a space in force that is filled.
    private func settle(_ space: EmbedderInForce.VectorSpace) async throws(StoreError) -> Duration {
        if !space.isInForce { try await store.settleSpaces() }
        return Self.interval
    }

    /// Opens the space of an embedder: its center is made of sentences that it is asked about.
    private func open(_ inForce: EmbedderInForce, _ provider: EmbeddingProvider) async throws(StoreError) -> Duration {
        var vectors: [[Float]] = []
        let sentences = CenterSentences.all
        for start in stride(from: 0, to: sentences.count, by: provider.model.batch) {
            let part = Array(sentences[start..<min(sentences.count, start + provider.model.batch)])
            switch try await ask(part, by: provider, inForce) {
            case .success(let embeddings): vectors += embeddings.vectors
            case .failure(let error):
                note(error, of: inForce)
                return Self.longInterval
            }
        }
        try await store.openSpace(of: inForce.versionID, center: VectorBits.center(of: vectors))
        return .zero
    }

    /// Embeds memories, batch by batch.
    ///
    /// - Returns: Whether the embedder can be asked for more at once.
    private func embed(
        _ memories: [UnembeddedMemory],
        in space: EmbedderInForce.VectorSpace,
        by provider: EmbeddingProvider,
        _ inForce: EmbedderInForce
    ) async throws(StoreError) -> Bool {
        var batches = EmbeddingBatches(count: memories.count, size: provider.model.batch)
        var reason = ModelError(.server, "the embedder failed")
        var hasFailed = false
        while let step = batches.next() {
            switch step {
            case .send(let range):
                let outcome: EmbeddingBatches.Outcome
                switch try await ask(memories[range].map(\.content), by: provider, inForce) {
                case .success(let embeddings):
                    try await store.store(
                        vectors: Self.rows(memories[range], embeddings.vectors, around: space.center),
                        in: space.id
                    )
                    outcome = .embedded
                case .failure(let error):
                    reason = error
                    outcome = Self.isAboutTexts(error) ? .refused : .failed
                }
                batches.note(outcome, of: range)
            case .giveUp(let place):
                try await store.fail(
                    [memories[place].id],
                    in: space.id,
                    because: reason.description,
                    isOfSpace: false
                )
            case .postpone(let range):
                hasFailed = true
                try await store.fail(
                    memories[range].map(\.id),
                    in: space.id,
                    because: reason.description,
                    isOfSpace: reason.code != .cancelled
                )
            }
        }
        if hasFailed { note(reason, of: inForce) }
        return !hasFailed
    }

    /// Asks for vectors, and stores that it was.
    private func ask(
        _ texts: [String],
        by provider: EmbeddingProvider,
        _ inForce: EmbedderInForce
    ) async throws(StoreError) -> Result<Embeddings, ModelError> {
        let start = ContinuousClock.now
        let result: Result<Embeddings, ModelError>
        do throws(ModelError) {
            result = .success(try await provider.embed(documents: texts))
        } catch {
            result = .failure(error)
        }
        let duration = start.duration(to: .now)
        let embeddings = try? result.get()
        var failure: (code: String, message: String)?
        if case .failure(let error) = result { failure = (error.code.description, error.message) }
        try await store.record(
            callOf: inForce.name,
            for: inForce.space?.id,
            texts: texts.count,
            tokens: embeddings?.tokens,
            cost: embeddings?.cost,
            duration: duration,
            error: failure
        )
        return result
    }

    private static func rows(
        _ memories: ArraySlice<UnembeddedMemory>,
        _ vectors: [[Float]],
        around center: [Float]
    ) -> JSONValue {
        .array(
            zip(memories, vectors).map { memory, vector in
                let bits = VectorBits(vector, around: center)
                return [
                    "memory": .integer(memory.id), "hash": .string(memory.hash),
                    "embedding": .array(bits.embedding.map { .number(Double($0)) }), "signs": .string(bits.signs),
                    "levels": .string(bits.levels),
                ]
            }
        )
    }

    /// Whether a server refuses what it was asked, and not that it was asked.
    private static func isAboutTexts(_ error: ModelError) -> Bool {
        error.code == .contextExceeded || error.code == .invalidRequest && [400, 413, 422].contains(error.status)
    }

    private func note(_ error: ModelError, of inForce: EmbedderInForce) {
        context.logger.warning(
            "memories get no vectors for now; they are found by words",
            metadata: ["embedder": "\(inForce.name)", "error": "\(error)"]
        )
    }
}
