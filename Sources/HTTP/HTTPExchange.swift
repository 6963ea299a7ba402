internal import DequeModule

/// Where one request and its response stand, between the thread that receives and the task that reads.
///
/// A pure state machine: it resumes nobody and calls nobody, but says what has to be done.
struct HTTPExchange: Sendable {
    /// Above this many unread bytes receiving is paused.
    static let highWaterBytes = 256 << 10
    /// At this many unread bytes receiving resumes.
    static let lowWaterBytes = 64 << 10
    /// Small pieces are joined up to this size while nobody waits for them.
    private static let joinedPieceBytes = 16 << 10

    typealias HeadResult = Result<HTTPResponseHead, HTTPClientError>
    typealias HeadWaiter = CheckedContinuation<HeadResult, Never>
    typealias BodyResult = Result<[UInt8]?, HTTPClientError>
    typealias BodyWaiter = CheckedContinuation<BodyResult, Never>

    /// What has arrived since the last time.
    struct News {
        var head: HTTPResponseHead?
        var bytes: [UInt8] = []
        var outcome: Result<Void, HTTPClientError>?
    }

    /// Whom to resume, outside the lock.
    struct Wakeups {
        fileprivate(set) var head: (waiter: HeadWaiter, result: HeadResult)?
        fileprivate(set) var body: (waiter: BodyWaiter, result: BodyResult)?

        func resume() {
            head?.waiter.resume(returning: head?.result ?? .failure(HTTPClientError(.cancelled, "")))
            body?.waiter.resume(returning: body?.result ?? .success(nil))
        }
    }

    private var head: HTTPResponseHead?
    private var pieces = Deque<[UInt8]>()
    private var unreadBytes = 0
    private var outcome: Result<Void, HTTPClientError>?
    private var headWaiter: HeadWaiter?
    private var bodyWaiter: BodyWaiter?
    private var isPaused = false
    private var isClaimed = false

    /// Whether nothing more will arrive.
    var isFinished: Bool { outcome != nil }

    /// Reserves the body for one reader.
    ///
    /// - Returns: Whether the caller is the first.
    mutating func claimBody() -> Bool {
        defer { isClaimed = true }
        return !isClaimed
    }
}

// MARK: - The receiving side

extension HTTPExchange {
    /// Takes in what has arrived.
    ///
    /// - Returns: Whom to resume, and whether receiving has to pause.
    mutating func receive(_ news: consuming News) -> (wakeups: Wakeups, pauses: Bool) {
        guard outcome == nil else { return (Wakeups(), false) }
        head = head ?? news.head
        outcome = news.outcome
        append(news.bytes)
        var wakeups = Wakeups()
        if let waiter = headWaiter, let result = headResult {
            headWaiter = nil
            wakeups.head = (waiter, result)
        }
        if let waiter = bodyWaiter, let result = takeBody() {
            bodyWaiter = nil
            wakeups.body = (waiter, result)
        }
        if outcome == nil, !isPaused, unreadBytes > Self.highWaterBytes {
            isPaused = true
            return (wakeups, true)
        }
        return (wakeups, false)
    }

    private mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        unreadBytes += bytes.count
        if let last = pieces.last, last.count + bytes.count <= Self.joinedPieceBytes {
            pieces[pieces.endIndex - 1].append(contentsOf: bytes)
        } else {
            pieces.append(bytes)
        }
    }
}

// MARK: - The reading side

extension HTTPExchange {
    /// The head, an error, or `nil` while neither is known.
    var headResult: HeadResult? {
        if let head { return .success(head) }
        switch outcome {
        case .failure(let error): return .failure(error)
        case .success: return .failure(HTTPClientError(.malformed, "the response has no head"))
        case nil: return nil
        }
    }

    /// Leaves a waiter for the head.
    ///
    /// - Returns: What to resume it with at once, or `nil` if it was kept.
    mutating func awaitHead(_ waiter: HeadWaiter) -> HeadResult? {
        if let headResult { return headResult }
        headWaiter = waiter
        return nil
    }

    /// The next piece of the body, the end, an error, or `nil` while neither has arrived.
    mutating func takeBody() -> BodyResult? {
        if let piece = pieces.popFirst() {
            unreadBytes -= piece.count
            return .success(piece)
        }
        switch outcome {
        case .failure(let error): return .failure(error)
        case .success: return .success(nil)
        case nil: return nil
        }
    }

    /// Leaves a waiter for the next piece of the body.
    ///
    /// - Returns: What to resume it with at once, or `nil` if it was kept.
    mutating func awaitBody(_ waiter: BodyWaiter) -> BodyResult? {
        if let result = takeBody() { return result }
        if bodyWaiter != nil {
            return .failure(HTTPClientError(.invalidRequest, "the body is being read by another task"))
        }
        bodyWaiter = waiter
        return nil
    }

    /// Whether a paused transfer may resume now; asked after reading, true once for each pause.
    mutating func takeResumption() -> Bool {
        guard isPaused, unreadBytes <= Self.lowWaterBytes, outcome == nil else { return false }
        isPaused = false
        return true
    }

    /// Ends the exchange from the reader's side; what is unread is thrown away.
    ///
    /// - Returns: Whom to resume, and whether the transfer was still going on and has to be stopped.
    mutating func abort(_ error: HTTPClientError) -> (wakeups: Wakeups, stops: Bool) {
        let wasGoingOn = outcome == nil
        if wasGoingOn || !pieces.isEmpty { outcome = .failure(error) }
        pieces.removeAll()
        unreadBytes = 0
        var wakeups = Wakeups()
        if let waiter = headWaiter {
            headWaiter = nil
            wakeups.head = (waiter, headResult ?? .failure(error))
        }
        if let waiter = bodyWaiter {
            bodyWaiter = nil
            wakeups.body = (waiter, .failure(error))
        }
        return (wakeups, wasGoingOn)
    }
}
