internal import ServiceLifecycle

/// Work that a worker claims from the database, in claims that are done side by side.
protocol SlotWork: Sendable {
    associatedtype Claim: Sendable

    /// Claims work.
    ///
    /// - Parameter maximum: The most claims.
    /// - Returns: The claims; none when there is no work, or the database cannot be asked.
    func claim(_ maximum: Int) async -> [Claim]

    /// Gives back a claim whose work has not begun.
    func giveBack(_ claim: Claim) async

    /// Does the work of a claim.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - slot: Its slot. Work that has lent it brings no claim.
    /// - Returns: A claim that came with the end of this one; nil if there is none.
    func perform(_ claim: Claim, in slot: Slot) async -> Claim?

    /// Says that the worker ends when what is in progress has ended.
    ///
    /// - Parameters:
    ///   - running: How much runs.
    ///   - waiting: How much only waits.
    func noteDrain(running: Int, waiting: Int)
}

/// Fills the slots of a worker: claims work and keeps each slot going while there is more to do.
///
/// From graceful shutdown on it claims nothing, and gives back what a claim on its way still brings. Work that runs then may
/// come to its end for as long as the configuration allows; after that it is cancelled.
struct SlotRunner<Work: SlotWork>: Sendable {
    let work: Work
    /// Claims whose work is done at once at most.
    let slots: Int
    /// Claims that one statement takes at most: a worker does not take all there are while others idle.
    let maximumClaims: Int
    let configuration: WorkerConfiguration
    /// Woken when there may be work.
    let wakeUp: WakeUp
    /// Where the work is done; nil for the calling task's executor.
    var executor: (any TaskExecutor)?

    /// Works until graceful shutdown and the end of what runs, or until the task is cancelled.
    func run() async {
        let wakeUp = wakeUp
        await withGracefulShutdownHandler {
            await fill()
        } onGracefulShutdown: {
            wakeUp.wake()
        }
    }

    private func fill() async {
        let free = Slots(slots)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let wanted = min(free.free, maximumClaims)
                let claims = wanted > 0 ? await claim(wanted) : []
                for claim in claims {
                    let slot = Slot(of: free, wakeUp)
                    group.addTask(executorPreference: executor) {
                        await perform(claim, in: slot)
                        slot.give()
                    }
                }
                if wanted <= 0 || claims.count < wanted { await wakeUp.wait(upTo: configuration.pollInterval) }
            }
            await drain(free)
            group.cancelAll()
        }
    }

    /// Lets running work come to its end, for as long as the configuration allows.
    private func drain(_ free: Slots) async {
        let deadline = ContinuousClock.now.advanced(by: configuration.drainTimeout)
        if free.free < slots || free.waiting > 0 {
            work.noteDrain(running: slots - free.free, waiting: free.waiting)
        }
        while free.free < slots || free.waiting > 0, !Task.isCancelled, .now < deadline {
            await wakeUp.wait(upTo: configuration.pollInterval)
        }
    }

    private func perform(_ first: Work.Claim, in slot: Slot) async {
        var next: Work.Claim? = first
        while let claim = next {
            next = nil
            if let following = await work.perform(claim, in: slot) { next = await unlessDraining([following]).first }
        }
    }

    private func claim(_ maximum: Int) async -> [Work.Claim] {
        await unlessDraining(await work.claim(maximum))
    }

    /// Claims to be performed: those whose statement was on its way when the shutdown began are given back.
    private func unlessDraining(_ claims: [Work.Claim]) async -> [Work.Claim] {
        guard Task.isShuttingDownGracefully else { return claims }
        for claim in claims { await work.giveBack(claim) }
        return []
    }
}
