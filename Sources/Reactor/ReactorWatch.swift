/// A descriptor that an ``Reactor`` watches; touched on the loop's thread only.
package final class ReactorWatch {
    let descriptor: Int32
    let token: UInt64
    let handler: (Readiness) -> Void
    var readiness: Readiness

    init(descriptor: Int32, token: UInt64, readiness: Readiness, handler: @escaping (Readiness) -> Void) {
        self.descriptor = descriptor
        self.token = token
        self.readiness = readiness
        self.handler = handler
    }
}
