internal import Logging
import Store

/// Has deleted what nobody has used for as long as the setting `retention` says.
///
/// Each worker does it, in short steps; two at once pass by what the other has locked.
struct Retention: Sendable {
    let context: WorkerContext

    private static let interval: Duration = .seconds(3_600)
    /// Between two steps others have their turn.
    private static let pause: Duration = .milliseconds(20)

    /// Works until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                var step: (position: String?, isOver: Bool) = (nil, false)
                while !step.isOver, !Task.isCancelled {
                    step = try await context.store.keepRetention(after: step.position)
                    try? await Task.sleep(for: Self.pause)
                }
            } catch {
                context.logger.warning("what nobody uses is not deleted", metadata: error.metadata)
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
