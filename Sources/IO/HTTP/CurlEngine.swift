internal import CShims
internal import Glibc

/// Drives all transfers of a client on one thread, with libcurl's socket interface on an epoll instance.
///
/// Each turn of the loop executes the commands that were left, waits for sockets and timers, lets libcurl work on what
/// is ready, and then hands over what has arrived: readers are woken once a turn, not once a packet.
///
/// Not `Sendable`: it lives on its thread.
final class CurlEngine {
    private let inbox: CurlInbox
    private let configuration: HTTPClientConfiguration
    private let multi: UnsafeMutableRawPointer
    let epoll: Int32
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 64)

    /// The transfers that go on, which keeps them alive: libcurl has only their addresses.
    private var active: [ObjectIdentifier: CurlTransfer] = [:]
    private var withNews: [CurlTransfer] = []
    private var spareHandles: [UnsafeMutableRawPointer] = []
    private static let maximumSpareHandles = 64

    /// When libcurl wants to be called, whatever happens.
    var curlDeadline: ContinuousClock.Instant?
    /// When the next idle or total time may be over; too early is harmless, too late is not.
    private var transferDeadline: ContinuousClock.Instant?
    var watchedSockets: Set<Int32> = []

    /// The body of the client's thread: returns when the inbox asks to stop, after everything is closed.
    static func run(_ inbox: CurlInbox, _ configuration: HTTPClientConfiguration) {
        guard let engine = CurlEngine(inbox, configuration) else {
            inbox.terminate(HTTPError(.shutdown, "the client could not be started: out of memory or descriptors"))
            return
        }
        engine.run()
        inbox.terminate(HTTPError(.shutdown, "the client was shut down"))
    }

    private init?(_ inbox: CurlInbox, _ configuration: HTTPClientConfiguration) {
        _ = Self.globalInitialization
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0, inbox.wakeDescriptor >= 0, let multi = curl_multi_init() else {
            if epoll >= 0 { Glibc.close(epoll) }
            return nil
        }
        self.inbox = inbox
        self.configuration = configuration
        self.multi = multi
        self.epoll = epoll
    }

    deinit {
        events.deallocate()
    }

    /// Once a process, before the first handle.
    private static let globalInitialization: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private func run() {
        configureMulti()
        watch(inbox.wakeDescriptor, for: EPOLLIN.rawValue)
        while true {
            let (commands, stops) = inbox.take()
            if stops {
                close(leftOver: commands)
                return
            }
            for command in commands { execute(command) }
            waitAndDispatch(mayBlock: commands.isEmpty)
            fireCurlTimer()
            expireTransfers()
            reapFinished()
            publishNews()
        }
    }

    private func configureMulti() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        cshims_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        cshims_curl_multi_set_socket_callback(multi, Self.socketChanged)
        cshims_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        cshims_curl_multi_set_timer_callback(multi, Self.timerChanged)
        cshims_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        cshims_curl_multi_set_long(
            multi,
            CURLMOPT_MAX_HOST_CONNECTIONS,
            max(1, configuration.maximumConnectionsPerHost)
        )
        cshims_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, configuration.maximumIdleConnections))
    }
}

// MARK: - Transfers

extension CurlEngine {
    private func execute(_ command: CurlInbox.Command) {
        switch command {
        case .start(let transfer):
            start(transfer)
        case .abort(let transfer):
            if let entry = active[ObjectIdentifier(transfer)] { remove(entry) }
        case .resume(let transfer):
            active[ObjectIdentifier(transfer)]?.resume()
        }
    }

    private func start(_ transfer: HTTPTransfer) {
        guard !transfer.isFinished else { return }
        guard let handle = spareHandles.popLast() ?? curl_easy_init() else {
            return transfer.abort(HTTPError(.transport, "out of memory"))
        }
        let entry = CurlTransfer(transfer, handle: handle, now: .now) { [unowned self] in withNews.append($0) }
        active[ObjectIdentifier(transfer)] = entry
        do throws(HTTPError) {
            try entry.configure(configuration)
        } catch {
            entry.fail(error)
            return remove(entry)
        }
        noteDeadline(of: entry)
        let result = curl_multi_add_handle(multi, handle)
        if result != CURLM_OK {
            entry.fail(HTTPError(.transport, String(cString: curl_multi_strerror(result))))
            remove(entry)
        }
    }

    /// Gives the handle back; a transfer that has not ended loses its connection.
    private func remove(_ entry: CurlTransfer) {
        guard active.removeValue(forKey: ObjectIdentifier(entry.transfer)) != nil else { return }
        curl_multi_remove_handle(multi, entry.handle)
        curl_easy_reset(entry.handle)
        if spareHandles.count < Self.maximumSpareHandles {
            spareHandles.append(entry.handle)
        } else {
            curl_easy_cleanup(entry.handle)
        }
    }

    private func reapFinished() {
        var result = CURLE_OK
        while let handle = cshims_curl_multi_next_finished(multi, &result) {
            var context: UnsafeMutableRawPointer?
            cshims_curl_get_pointer(handle, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let entry = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            entry.finished(result)
            remove(entry)
        }
    }

    private func publishNews() {
        // Publishing can make libcurl deliver more, which lands in the list's next round.
        while !withNews.isEmpty {
            var entries: [CurlTransfer] = []
            swap(&entries, &withNews)
            for entry in entries {
                entry.publish()
                noteDeadline(of: entry)
            }
        }
    }

    private func close(leftOver commands: [CurlInbox.Command]) {
        let error = HTTPError(.shutdown, "the client was shut down")
        for case .start(let transfer) in commands { transfer.abort(error) }
        for entry in Array(active.values) {
            entry.fail(error)
            remove(entry)
        }
        publishNews()
        for handle in spareHandles { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
        Glibc.close(epoll)
    }
}

// MARK: - Time

extension CurlEngine {
    private func noteDeadline(of entry: CurlTransfer) {
        guard let deadline = entry.deadline else { return }
        transferDeadline = transferDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Ends the transfers whose time is over.
    ///
    /// The deadlines of transfers only move away, so the earliest one seen is looked at again when it has come, and
    /// not each time a byte arrives.
    private func expireTransfers() {
        guard let due = transferDeadline else { return }
        let now = ContinuousClock.now
        guard due <= now else { return }
        transferDeadline = nil
        for entry in Array(active.values) {
            if let error = entry.expiry(at: now) {
                entry.fail(error)
                remove(entry)
            } else {
                noteDeadline(of: entry)
            }
        }
    }

    private func fireCurlTimer() {
        guard let due = curlDeadline, due <= .now else { return }
        curlDeadline = nil
        var running: Int32 = 0
        curl_multi_socket_action(multi, CURL_SOCKET_BAD, 0, &running)
    }

    /// How long to wait for sockets, in milliseconds, rounded up; -1 is for ever.
    private func waitTime() -> Int32 {
        guard let due = [curlDeadline, transferDeadline].compactMap(\.self).min() else { return -1 }
        let (seconds, attoseconds) = (due - .now).components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return Int32(min(60_000, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}

// MARK: - Sockets

extension CurlEngine {
    private func waitAndDispatch(mayBlock: Bool) {
        let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), mayBlock ? waitTime() : 0)
        guard count > 0 else { return }
        for event in events.prefix(Int(count)) {
            if event.data.fd == inbox.wakeDescriptor {
                inbox.clearWake()
            } else {
                var running: Int32 = 0
                curl_multi_socket_action(multi, event.data.fd, Self.curlEvents(event.events), &running)
            }
        }
    }

    private static func curlEvents(_ events: UInt32) -> Int32 {
        var result: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { result |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { result |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { result |= CURL_CSELECT_ERR }
        return result
    }

    /// Watches a socket, or changes what it is watched for.
    private func watch(_ descriptor: Int32, for events: UInt32) {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        let isNew = watchedSockets.insert(descriptor).inserted
        let first = isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        guard epoll_ctl(epoll, first, descriptor, &event) != 0 else { return }
        // The number was closed and given out again without our being told.
        if errno == ENOENT || errno == EEXIST {
            epoll_ctl(epoll, isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event)
        }
    }

    private func unwatch(_ descriptor: Int32) {
        guard watchedSockets.remove(descriptor) != nil else { return }
        var event = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
    }

    private static let socketChanged: curl_socket_callback = { _, descriptor, what, context, _ in
        guard let context else { return -1 }
        let engine = Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue()
        if what == CURL_POLL_REMOVE {
            engine.unwatch(descriptor)
        } else {
            let reads = what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0
            let writes = what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0
            engine.watch(descriptor, for: reads | writes)
        }
        return 0
    }

    private static let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
        guard let context else { return -1 }
        let engine = Unmanaged<CurlEngine>.fromOpaque(context).takeUnretainedValue()
        engine.curlDeadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
        return 0
    }
}
