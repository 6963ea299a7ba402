internal import CCurl
internal import CLinux
internal import Glibc

extension CurlEngine {
    /// Waits for sockets, timers and commands, and lets libcurl work on the sockets that are ready.
    ///
    /// - Parameter mayBlock: Whether to wait at all, or only to look.
    func waitAndDispatch(mayBlock: Bool) {
        let count = clinux_epoll_wait(epoll, events.baseAddress, Int32(events.count), mayBlock ? waitTime : 0)
        guard count > 0 else { return }
        for event in events.prefix(Int(count)) {
            // The wake-up itself has done its work: commands are taken at the beginning of each turn.
            let descriptor = Int32(truncatingIfNeeded: event.token)
            if descriptor == inbox.wakeDescriptor { continue }
            var running: Int32 = 0
            curl_multi_socket_action(multi, descriptor, Self.selection(event.readiness), &running)
        }
    }

    private static func selection(_ readiness: UInt32) -> Int32 {
        var result: Int32 = 0
        if readiness & readable != 0 { result |= CURL_CSELECT_IN }
        if readiness & writable != 0 { result |= CURL_CSELECT_OUT }
        return result
    }

    private static let readable = UInt32(CLINUX_READABLE)
    private static let writable = UInt32(CLINUX_WRITABLE)

    /// Watches a socket, or changes what it is watched for.
    private func watch(_ descriptor: Int32, for readiness: UInt32) {
        let token = UInt64(descriptor)
        // Either way the number may have been closed and reused without notice.
        if watchedSockets.insert(descriptor).inserted {
            guard clinux_epoll_add(epoll, descriptor, readiness, token) != 0, errno == EEXIST else { return }
            clinux_epoll_modify(epoll, descriptor, readiness, token)
        } else {
            guard clinux_epoll_modify(epoll, descriptor, readiness, token) != 0, errno == ENOENT else { return }
            clinux_epoll_add(epoll, descriptor, readiness, token)
        }
    }

    private func unwatch(_ descriptor: Int32) {
        if watchedSockets.remove(descriptor) != nil { clinux_epoll_remove(epoll, descriptor) }
    }

    static let socketChanged: curl_socket_callback = { _, descriptor, what, context, _ in
        guard let context else { return -1 }
        let engine = Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue()
        if what == CURL_POLL_REMOVE {
            engine.unwatch(descriptor)
        } else {
            let reads = what & CURL_POLL_IN != 0 ? readable : 0
            let writes = what & CURL_POLL_OUT != 0 ? writable : 0
            engine.watch(descriptor, for: reads | writes)
        }
        return 0
    }
}
