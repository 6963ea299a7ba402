import Conversation
import Definitions
import Functions
internal import JSON
internal import Logging
internal import Reactor
internal import Sandbox
import Store
internal import Synchronization
import Tools

/// Works off the calls of functions that statements have queued, beside the conversations.
///
/// A call is claimed, run and ended under a lease, as a turn is. One whose effect is `sql` runs in the transaction that ends
/// it. One that was cut off is run again by another worker, unless its effect is `unsafe`: then it is in doubt.
struct FunctionQueue: SlotWork {
    let context: WorkerContext
    let services: ToolServices
    let maximumAttempts: Int
    let cache: FunctionCache

    /// Calls that run at once at most; they share the machine with turns.
    private static let maximumCalls = 16

    /// The waits for the database when a call has ended: a result that is lost is work done twice, or a call in doubt.
    private static let farewell = Backoff(first: .milliseconds(200), longest: .milliseconds(3_200), attempts: 5)

    private var store: WorkStore { context.store }
    private var logger: Logger { context.logger }

    /// What fills a worker's slots with calls.
    func runner() -> SlotRunner<FunctionQueue> {
        let slots = min(context.configuration.slots, Self.maximumCalls)
        return SlotRunner(
            work: self,
            slots: slots,
            maximumClaims: slots,
            configuration: context.configuration,
            wakeUp: WakeUp(),
            // Arguments and results are checked by schemas that authors wrote.
            executor: WorkThreads.shared
        )
    }

    func claim(_ maximum: Int) async -> [QueuedFunctionCall] {
        do throws(StoreError) {
            let calls = try await store.claimFunctionCalls(worker: context.worker, maximum: maximum)
            context.outage.succeeded()
            return calls
        } catch {
            context.outage.failed("a claim of functions' calls", error)
            return []
        }
    }

    func giveBack(_ call: QueuedFunctionCall) async {
        await giveBack(call, counts: false)
    }

    func perform(_ call: QueuedFunctionCall, in slot: Slot) async -> QueuedFunctionCall? {
        await work(on: call)
        return nil
    }

    func noteDrain(running: Int, waiting: Int) {
        logger.notice("draining: calls of functions are in progress", metadata: ["running": "\(running)"])
    }

    private func work(on call: QueuedFunctionCall) async {
        let function: CompiledFunction
        do throws(ToolError) {
            function = try await self.function(of: call)
        } catch {
            let outcome = FunctionOutcome(.error, error.code.description, error.message)
            return await end(
                call,
                outcome.record(of: Self.unknown(call), arguments: call.arguments ?? [:], callID: nil)
            )
        }
        let arguments = call.arguments ?? [:]
        let context = ToolContext(services: services)
        guard function.definition.effect != .sql else {
            return await runWithinTransaction(call, function, arguments, context)
        }
        // As late as can be: a worker that was stopped until its lease was over has left the call in doubt, and whoever made
        // it may have made it again.
        guard function.definition.effect != .unsafe || !self.context.term.isOver else {
            return await giveBack(call, counts: true)
        }
        let outcome = await FunctionRunner(function: function).run(arguments, in: context)
        if outcome.isCancelled {
            // What may have taken effect is left to the reaper, which marks it as in doubt.
            if function.definition.effect != .unsafe { await giveBack(call, counts: false) }
            return
        }
        await record(outcome.events)
        await end(call, outcome.record(of: function.definition, arguments: arguments, callID: nil))
    }

    private func function(of call: QueuedFunctionCall) async throws(ToolError) -> CompiledFunction {
        guard let versionID = call.versionID else {
            throw ToolError(.notFound, "there is no function \"\(call.function)\" any more")
        }
        guard call.arguments != nil else {
            throw ToolError(.invalidArguments, "the arguments cannot be read: whole numbers may have 64 bits")
        }
        guard call.attempt <= maximumAttempts else {
            throw ToolError(.failed, "it was begun \(maximumAttempts) times, and no worker came to its end")
        }
        let connections = store.connectionChanges
        if let known = cache.cached(versionID, at: connections) { return known }
        let definition: Definition?
        do throws(StoreError) {
            definition = try await store.function(versionID: versionID)
        } catch {
            throw ToolError(.failed, error.message)
        }
        guard let definition else { throw ToolError(.notFound, "there is no version with the id \(versionID)") }
        return try cache.function(FunctionDefinition(definition), readAt: connections)
    }

    private static func unknown(_ call: QueuedFunctionCall) -> FunctionDefinition {
        FunctionDefinition(document: ["name": .string(call.function)], versionID: call.versionID ?? 0)
    }

    private func runWithinTransaction(
        _ call: QueuedFunctionCall,
        _ function: CompiledFunction,
        _ arguments: JSONValue,
        _ context: ToolContext
    ) async {
        let events = Mutex<[SecurityEventRecord]>([])
        do throws(StoreError) {
            let isOurs = try await store.finish(call) { connection in
                let outcome = await FunctionRunner(function: function).run(arguments, in: context, within: connection)
                events.withLock { $0 = outcome.events }
                return (
                    outcome.record(of: function.definition, arguments: arguments, callID: nil),
                    outcome.exitReason == .ok
                )
            }
            if isOurs { await record(events.withLock { $0 }) }
        } catch {
            guard !error.isTransient, error.code != .cancelled else {
                // Undone with its transaction, or committed: the row in the queue says which.
                logger.warning("a call was not ended", metadata: error.metadata.merging(["call": "\(call.id)"]) { $1 })
                return await giveBack(call, counts: error.code != .cancelled)
            }
            // It ran, and what it wrote could not be committed: a constraint that is checked at the end.
            let outcome = FunctionOutcome(.error, error.code.description, error.message)
            await end(call, outcome.record(of: function.definition, arguments: arguments, callID: nil))
        }
    }

    private func record(_ events: [SecurityEventRecord]) async {
        do throws(StoreError) {
            try await store.record([], events)
        } catch {
            logger.warning("a refusal was not stored", metadata: error.metadata)
        }
    }

    /// Stores the end of a call, also after cancellation.
    private func end(_ call: QueuedFunctionCall, _ record: FunctionCallRecord) async {
        let (work, logger) = (store, logger)
        @Sendable func note(_ error: StoreError) {
            logger.warning("a call was not ended", metadata: error.metadata.merging(["call": "\(call.id)"]) { $1 })
        }
        @Sendable func keep(_ record: FunctionCallRecord) async throws(StoreError) {
            let isOurs = try await retrying(Self.farewell, while: \.isTransient, noting: note) {
                () throws(StoreError) in try await work.finish(call, record)
            }
            if !isOurs { logger.notice("another worker has the call", metadata: ["call": "\(call.id)"]) }
        }
        await uncancelled {
            do throws(StoreError) {
                try await keep(record)
            } catch {
                note(error)
                guard !error.isTransient, error.code != .cancelled else { return }
                // The database refuses the record itself: the caller gets that error.
                let outcome = FunctionOutcome(.error, "record_refused", error.message)
                try? await keep(outcome.record(of: Self.unknown(call), arguments: [:], callID: nil))
            }
        }
    }

    private func giveBack(_ call: QueuedFunctionCall, counts: Bool) async {
        let (store, logger) = (store, logger)
        await uncancelled {
            do throws(StoreError) {
                try await store.release(call, counts: counts)
            } catch {
                logger.debug("a call could not be given back; it will time out", metadata: ["call": "\(call.id)"])
            }
        }
    }
}
