import Postgres
internal import Synchronization

/// Fills the slots of a worker: claims conversations and keeps each slot going while there is more to do.
struct Dispatcher: Sendable {
    let store: Store
    let worker: Int64
    let configuration: WorkerConfiguration
    let leases: LeaseBook
    let deltas: DeltaWriter
    let wakeUp: WakeUp
    let processor: TurnProcessor
    let isDraining: @Sendable () -> Bool
    let outage: OutageLog

    /// Conversations that one statement claims at most: a worker does not take all there are while others idle.
    private static let maximumClaims = 32

    /// Works until the worker drains and its slots are empty, or the task is cancelled.
    func run() async {
        let slots = Slots(configuration.slots)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !isDraining() {
                let wanted = min(slots.free, Self.maximumClaims)
                let claims = wanted > 0 ? await claim(wanted) : []
                for claim in claims {
                    slots.take()
                    leases.add(claim.lease)
                    // On the loop that the database's answers arrive on: a turn is mostly waiting, and each hop between
                    // threads costs more than what it does in between. Tools run elsewhere.
                    group.addTask(executorPreference: store.client.reactor) {
                        await self.work(on: claim)
                        slots.give()
                        self.wakeUp.wake()
                    }
                }
                if wanted == 0 || claims.count < wanted { await wakeUp.wait(upTo: configuration.pollInterval) }
            }
            await drain(slots)
            group.cancelAll()
        }
    }

    /// Lets running turns come to their end, for as long as the configuration allows.
    private func drain(_ slots: Slots) async {
        let deadline = ContinuousClock.now.advanced(by: configuration.drainTimeout)
        while slots.free < configuration.slots, !Task.isCancelled, ContinuousClock.now < deadline {
            await wakeUp.wait(upTo: configuration.pollInterval)
        }
    }

    private func claim(_ count: Int) async -> [ClaimedSubmission] {
        do throws(StoreError) {
            let claims = try await store.claim(worker: worker, maximum: count)
            outage.succeeded()
            return await unlessDraining(claims)
        } catch {
            outage.failed("a claim", error)
            return []
        }
    }

    /// Claims to be processed: those whose statement was on its way when the worker began to drain are given back.
    private func unlessDraining(_ claims: [ClaimedSubmission]) async -> [ClaimedSubmission] {
        guard isDraining() else { return claims }
        for claim in claims {
            do throws(StoreError) {
                try await store.release(claim)
            } catch {
                // The worker's end gives back what it holds.
                outage.failed("giving back a claim", error)
            }
        }
        return []
    }

    private func work(on first: ClaimedSubmission) async {
        var next: ClaimedSubmission? = first
        while let claim = next {
            deltas.begin(claim)
            let outcome = await processor.process(claim, claiming: { isDraining() ? 0 : 1 }) { event in
                deltas.add(event, of: claim)
            }
            deltas.end(claim)
            leases.remove(claim.lease)
            next = await unlessDraining(outcome.next).first
            if let next { leases.add(next.lease) }
        }
    }
}
