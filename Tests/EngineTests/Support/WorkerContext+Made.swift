import TestSupport

@testable import Engine
@testable import Store

extension WorkerContext {
    /// The context of a worker that is registered already, and whose leases last for as long as any test.
    static func made(
        _ store: WorkStore,
        _ worker: Int64,
        timeToLive: Duration = .seconds(3_600),
        term: LeaseTerm? = nil
    ) -> WorkerContext {
        WorkerContext(
            store: store,
            worker: StartedWorker(id: worker, timeToLive: timeToLive, maximumAttempts: 3),
            configuration: WorkerConfiguration(),
            term: term ?? LeaseTerm(timeToLive, from: .now),
            logger: .silent
        )
    }
}
