import Dispatch
import Glibc

/// Tells of SIGINT and SIGTERM for as long as it lives, instead of their ending the process.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    /// Begins to watch.
    ///
    /// - Parameter handler: Called for each signal, on a thread of its own.
    init(_ handler: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handler() }
            source.resume()
            return source
        }
    }

    /// Ends the watch.
    func end() {
        for source in sources { source.cancel() }
    }
}
