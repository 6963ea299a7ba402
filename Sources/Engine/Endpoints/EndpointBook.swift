import Conversation
package import Logging
import Models
internal import Reactor
package import Store
internal import Synchronization

internal import struct FoundationEssentials.UUID

/// What a process knows of the endpoints of models: which of them are not asked, and how many calls it has made.
///
/// A call looks only into memory. The database is asked when a call fails, and before a probe: of all processes one call
/// finds out whether an endpoint answers again. What others have found comes with a notification, or with a heartbeat.
package final class EndpointBook: Sendable {
    /// Whether an endpoint may be asked.
    package enum Admission: Sendable, Hashable {
        case granted
        /// The call finds out for all others; it ends with ``EndpointBook/end(_:at:_:)``.
        case probe(Probe)
        /// It may not, for so long at least.
        case refused(Duration)
    }

    /// A call that finds out whether an endpoint answers again.
    package struct Probe: Sendable, Hashable {
        fileprivate let id: UUID
    }

    private struct Page {
        /// Calls since the last report, and when that was.
        var calls = 0
        var reported = ContinuousClock.now
        /// When it makes sense to ask for a probe; nil while the endpoint is asked.
        var probeAt: ContinuousClock.Instant?
    }

    private let store: EndpointStore?
    private let logger: Logger
    private let pages = Mutex<[String: Page]>([:])

    /// Endpoints that are kept at most; beyond it those that are asked are forgotten.
    private static let maximumPages = 1_000

    /// A book.
    ///
    /// - Parameters:
    ///   - store: Where it is shared; nil for a process that asks every endpoint, always.
    ///   - logger: Where it says that an endpoint is not asked any more, or again.
    package init(store: EndpointStore?, logger: Logger = Logger(label: "agentctl.endpoints")) {
        self.store = store
        self.logger = logger
    }

    /// Whether an endpoint may be asked now.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint; nil for a model that has none.
    ///   - limit: How long a call may take.
    func admission(to endpoint: String?, within limit: Duration) async -> Admission {
        guard let store, let endpoint, let probeAt = pages.withLock({ $0[endpoint]?.probeAt }) else { return .granted }
        let rest = ContinuousClock.now.duration(to: probeAt)
        if rest > .zero { return .refused(rest) }
        // To its end also for a call that is cancelled: who begins a probe ends it.
        let answer = await uncancelled { try? await store.beginProbe(of: endpoint, within: limit) }
        switch answer {
        // A database that is away: nothing could be stored of what the call comes to.
        case nil: return .refused(.seconds(1))
        case .probe(let id)?: return .probe(Probe(id: id))
        case .open(let wait)?:
            note(endpoint, wait: wait)
            return .refused(max(wait, .milliseconds(100)))
        case .closed?:
            note(endpoint, wait: nil)
            return .granted
        }
    }

    /// Counts a call.
    ///
    /// - Parameters:
    ///   - error: How it failed; nil when the endpoint answered.
    ///   - endpoint: The endpoint.
    ///   - duration: How long it took.
    func count(_ error: ModelError?, at endpoint: String?, after duration: Duration = .zero) async {
        guard let store, let endpoint else { return }
        let isFailure = error.map { $0.isOfEndpoint } ?? false
        let page = pages.withLock { pages in
            if pages.count >= Self.maximumPages { pages = pages.filter { $0.value.probeAt != nil } }
            pages[endpoint, default: Page()].calls += 1
            let page = pages[endpoint] ?? Page()
            if isFailure { pages[endpoint] = Page(probeAt: page.probeAt) }
            return page
        }
        guard let error, isFailure else { return }
        let report = EndpointStore.Report(
            endpoint: endpoint,
            calls: page.calls,
            within: page.reported.duration(to: .now),
            code: error.code.description,
            message: error.message,
            isExhausted: error.code == .exhausted,
            after: duration
        )
        // A database that is away counts nothing; no turn can be stored then either.
        do { note(endpoint, wait: try await store.report(report), because: error) } catch {}
    }

    /// Ends a probe.
    ///
    /// - Parameters:
    ///   - probe: The probe.
    ///   - endpoint: The endpoint.
    ///   - error: How it failed; nil when the endpoint answered.
    func end(_ probe: Probe, at endpoint: String?, _ error: ModelError?) async {
        guard let store, let endpoint else { return }
        let succeeded: Bool? =
            switch error?.code {
            case nil: true
            case .cancelled?: nil
            default: error.map { !$0.isOfEndpoint }
            }
        // Also for a call that was cancelled: the others wait for it.
        await uncancelled { [self] in
            do {
                let wait = try await store.endProbe(probe.id, of: endpoint, succeeded: succeeded)
                note(endpoint, wait: wait, because: error)
            } catch {
                // Its time ends by itself, and another call finds out.
            }
        }
    }

    /// Reads what others have found.
    package func refresh(timeout: Duration? = nil) async throws(StoreError) {
        guard let store else { return }
        let open = try await store.open(timeout: timeout)
        for endpoint in pages.withLock({ $0.filter { $0.value.probeAt != nil }.map(\.key) }) where open[endpoint] == nil
        {
            note(endpoint, wait: nil)
        }
        for (endpoint, wait) in open { note(endpoint, wait: wait) }
    }

    private func note(_ endpoint: String, wait: Duration?, because error: ModelError? = nil) {
        let wasOpen = pages.withLock { pages in
            let wasOpen = pages[endpoint]?.probeAt != nil
            pages[endpoint, default: Page()].probeAt = wait.map { .now + $0 }
            return wasOpen
        }
        guard wasOpen != (wait != nil) else { return }
        var metadata: Logger.Metadata = ["endpoint": "\(endpoint)"]
        if let error { metadata["error"] = "\(error.code)" }
        if wait != nil {
            logger.warning("an endpoint is not asked for now, as calls to it fail", metadata: metadata)
        } else {
            logger.notice("an endpoint is asked again", metadata: metadata)
        }
    }
}

extension ModelError {
    /// Whether the failure is one of the endpoint's, and not of the request or of a limit.
    fileprivate var isOfEndpoint: Bool {
        switch code {
        case .unreachable, .timeout, .exhausted: true
        // An end that the model was brought to, by whoever asked, is none of the server's.
        case .truncated, .malformed: finishReason == nil
        // Conflict and "too early" are states that pass.
        case .server: status != 409 && status != 425
        default: false
        }
    }
}
