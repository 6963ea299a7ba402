/// Bounds how many tests have a database at the same time: Swift Testing starts them all, and a server has only so many
/// connections.
actor TemporaryDatabaseSlots {
    static let shared = TemporaryDatabaseSlots(count: 12)

    /// A test that has a slot gets more databases without another one, or tests could wait for each other.
    @TaskLocal private static var hasSlot = false

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    nonisolated func withSlot<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard !Self.hasSlot else {
            return try await body()
        }
        await take()
        do {
            let result = try await Self.$hasSlot.withValue(true) { try await body() }
            await giveBack()
            return result
        } catch {
            await giveBack()
            throw error
        }
    }

    private func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack() {
        guard waiting.isEmpty else {
            waiting.removeFirst().resume()
            return
        }
        free += 1
    }
}
