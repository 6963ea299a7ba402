import Conversation
internal import Logging
import Orchestration
internal import ServiceLifecycle
import Store

/// Claims conversations and has their turns processed.
struct Dispatcher: SlotWork {
    let context: WorkerContext
    let deltas: DeltaWriter
    let processor: TurnProcessor
    let teller: TaskTeller
    /// Called when a conversation may be ready, before the present one has ended.
    var onReady: @Sendable () -> Void = {}

    /// Conversations that one statement claims at most.
    private static let maximumClaims = 32

    /// What fills a worker's slots with conversations.
    ///
    /// - Parameter wakeUp: Woken when a conversation may be ready.
    func runner(_ wakeUp: WakeUp) -> SlotRunner<Dispatcher> {
        var work = self
        work.onReady = { wakeUp.wake() }
        return SlotRunner(
            work: work,
            slots: context.configuration.slots,
            maximumClaims: Self.maximumClaims,
            configuration: context.configuration,
            wakeUp: wakeUp,
            // On the loop that the database's answers arrive on: a turn is mostly waiting, and each hop between threads
            // costs more than what it does in between. Tools run elsewhere.
            executor: context.store.executor
        )
    }

    func claim(_ maximum: Int) async -> [ClaimedSubmission] {
        do throws(StoreError) {
            let claims = try await context.store.claim(worker: context.worker, maximum: maximum)
            context.outage.succeeded()
            for claim in claims { context.leases.add(claim.lease) }
            return claims
        } catch {
            context.outage.failed("a claim", error)
            return []
        }
    }

    func giveBack(_ claim: ClaimedSubmission) async {
        _ = processor.parked?.take(waitingFor: claim)
        do throws(StoreError) {
            try await context.store.release(claim)
        } catch {
            // The worker's end gives back what it holds.
            context.outage.failed("giving back a claim", error)
        }
        context.leases.remove(claim.lease)
    }

    func perform(_ claim: ClaimedSubmission, in slot: Slot) async -> ClaimedSubmission? {
        let pieces = deltas.begin(claim)
        let outcome = await processor.process(
            claim,
            in: slot,
            claiming: { slot.mayClaim && !Task.isShuttingDownGracefully ? 1 : 0 }
        ) { event in
            pieces.add(event)
        }
        deltas.end(claim)
        context.leases.remove(claim.lease)
        // A parent that was claimed with the end was informed of it.
        if let parent = claim.task?.parent, outcome.isStored, outcome.step == nil,
            outcome.next.allSatisfy({ $0.conversation != parent })
        {
            teller.noteEnd()
        }
        for next in outcome.next { context.leases.add(next.lease) }
        if outcome.isStored {
            let parked = outcome.step ?? TurnProcessor.Step(claim: claim, record: outcome.record)
            await tellOfTasks(of: parked, claimed: outcome.next)
        }
        return outcome.next.first
    }

    /// Wakes slots for the tasks that a turn has parked with, but for those that were claimed with it.
    private func tellOfTasks(of turn: TurnProcessor.Step, claimed: [ClaimedSubmission]) async {
        guard turn.record.isAwaitingTasks else { return }
        let new = turn.record.tasks.count
        guard new > claimed.count(where: { $0.task?.parent == turn.claim.conversation }) else { return }
        // Its own slots at once: they need not wait for the notification. A worker that misses it polls a little later.
        onReady()
        try? await context.store.notifyReady()
    }

    func noteDrain(running: Int, waiting: Int) {
        context.logger.notice(
            "draining: turns are in progress",
            metadata: [
                "running": "\(running)", "waiting_to_be_stored": "\(waiting)",
                "for_at_most": "\(context.configuration.drainTimeout)",
            ]
        )
    }
}
