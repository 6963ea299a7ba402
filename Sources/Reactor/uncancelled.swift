/// Runs work to its end even when the calling task is cancelled: giving back a lease, storing an interrupted turn.
///
/// The one place in the project that makes an unstructured task; it is awaited here.
///
/// - Parameter work: The work; it must end by itself.
/// - Returns: What the work returns.
package func uncancelled<T: Sendable>(_ work: @escaping @Sendable () async -> T) async -> T {
    await Task { await work() }.value
}
