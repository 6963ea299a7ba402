import Conversation
import Store

/// Works off the tasks below a turn in this process, several at once: what `send` does when no worker lives.
struct TreeProcessor: Sendable {
    let context: WorkerContext
    let processor: TurnProcessor

    /// Tasks that are worked on at once.
    private static let slots = 8

    /// Works until nothing below the turn is ready that this process can claim.
    ///
    /// - Parameter conversation: The turn's conversation.
    /// - Returns: Whether anything was done.
    /// - Throws: ``StoreError`` when the database cannot be asked; what runs comes to its end before.
    func workOff(below conversation: String) async throws(StoreError) -> Bool {
        try await withTaskGroup(of: Void.self) { group -> Result<Bool, StoreError> in
            var running = 0
            var hasWorked = false
            do throws(StoreError) {
                while true {
                    for claim in try await claims(below: conversation, maximum: Self.slots - running) {
                        group.addTask { await process(claim) }
                        running += 1
                        hasWorked = true
                    }
                    if running > 0 {
                        await group.next()
                        running -= 1
                    } else if try await context.store.tellParents() == 0 {
                        return .success(hasWorked)
                    }
                }
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func claims(
        below conversation: String,
        maximum: Int
    ) async throws(StoreError) -> [ClaimedSubmission] {
        guard maximum > 0 else { return [] }
        var claims: [ClaimedSubmission] = []
        for id in try await context.store.ready(below: conversation, maximum: maximum) {
            let claimed = try await context.store.claim(worker: context.worker, maximum: 1, conversation: id)
            for claim in claimed { context.leases.add(claim.lease) }
            claims += claimed
        }
        return claims
    }

    private func process(_ claim: ClaimedSubmission) async {
        _ = await processor.process(claim, claiming: { 0 }) { _ in }
        context.leases.remove(claim.lease)
    }
}
