internal import CCurl
internal import CLinux
internal import Glibc

/// Drives all transfers of a client on one thread, with libcurl's socket interface on an epoll instance.
///
/// Each turn of the loop executes the commands that were left, waits for sockets and timers, lets libcurl work on what
/// is ready, and then hands over what has arrived: readers are woken once a turn, not once a packet.
///
/// Not `Sendable`: it lives on its thread.
final class CurlEngine {
    let inbox: CurlInbox
    let configuration: HTTPClientConfiguration
    let multi: UnsafeMutableRawPointer
    let epoll: Int32
    let events = UnsafeMutableBufferPointer<clinux_event>.allocate(capacity: Int(CLINUX_EVENTS_MAXIMUM))

    /// The running transfers, kept alive here: libcurl has only their addresses.
    var active: [ObjectIdentifier: CurlTransfer] = [:]
    /// The transfers for which something has arrived in this turn.
    var withNews: [CurlTransfer] = []
    var spareHandles: [UnsafeMutableRawPointer] = []

    /// When libcurl wants to be called, whatever happens.
    var curlDeadline: ContinuousClock.Instant?
    /// When the next idle or total time may be over; too early is harmless, too late is not.
    var transferDeadline: ContinuousClock.Instant?
    var watchedSockets: Set<Int32> = []

    /// The body of the client's thread: returns when the inbox asks to stop, after everything is closed.
    static func run(_ inbox: CurlInbox, _ configuration: HTTPClientConfiguration) {
        blockSignals()
        guard let engine = CurlEngine(inbox, configuration) else {
            inbox.terminate(HTTPClientError(.shutdown, "the client could not be started: out of memory or descriptors"))
            return
        }
        engine.run()
        inbox.terminate(HTTPClientError(.shutdown, "the client was shut down"))
    }

    private init?(_ inbox: CurlInbox, _ configuration: HTTPClientConfiguration) {
        guard Self.globalInitialization == CURLE_OK, inbox.wakeDescriptor >= 0 else { return nil }
        let epoll = clinux_epoll_create()
        guard epoll >= 0 else { return nil }
        guard let multi = curl_multi_init() else {
            Glibc.close(epoll)
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

    /// Signals are for other threads, and a SIGPIPE from a broken TLS connection must not kill the process.
    private static func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
    }

    private func run() {
        configureMulti()
        clinux_epoll_add_eventfd(epoll, inbox.wakeDescriptor, UInt64(inbox.wakeDescriptor))
        while true {
            let (commands, stops) = inbox.take()
            if stops { return close(leftOver: commands) }
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
        ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        ccurl_multi_set_socket_callback(multi, Self.socketChanged)
        ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        ccurl_multi_set_timer_callback(multi, Self.timerChanged)
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        let perHost = max(1, configuration.maximumConnectionsPerHost)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, perHost)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, configuration.maximumIdleConnections))
    }

    private func close(leftOver commands: [CurlInbox.Command]) {
        let error = HTTPClientError(.shutdown, "the client was shut down")
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
