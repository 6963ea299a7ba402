import TestSupport
import Testing

@testable import HTTP

/// The state machine between receiver and reader, without either.
@Suite("HTTP exchange")
struct HTTPExchangeTests {
    private let head = HTTPResponseHead(version: "HTTP/1.1", status: 200, headers: [])
    private let error = HTTPClientError(.transport, "broken")

    private func piece(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    /// Feeds news and tells whether receiving has to pause.
    private func pauses(_ exchange: inout HTTPExchange, bytes: Int) -> Bool {
        exchange.receive(HTTPExchange.News(bytes: piece(bytes))).pauses
    }

    @Test("pauses above the high-water mark once, and resumes at the low-water mark once")
    func backPressure() {
        var exchange = HTTPExchange()
        #expect(!pauses(&exchange, bytes: 128 << 10))
        #expect(!pauses(&exchange, bytes: 128 << 10))
        #expect(pauses(&exchange, bytes: 1))
        #expect(!pauses(&exchange, bytes: 64 << 10))
        // 320 KB and a byte are unread, in four pieces.
        var resumptions: [Bool] = []
        while exchange.takeBody() != nil { resumptions.append(exchange.takeResumption()) }
        #expect(resumptions == [false, false, true, false])
    }

    @Test("does not pause what has ended")
    func noPauseAtTheEnd() {
        var exchange = HTTPExchange()
        let news = HTTPExchange.News(bytes: piece(1 << 20), outcome: .success(()))
        #expect(!exchange.receive(news).pauses)
    }

    @Test("small pieces that nobody waits for are joined")
    func joining() {
        var exchange = HTTPExchange()
        for _ in 0..<100 { _ = pauses(&exchange, bytes: 1000) }
        var sizes: [Int] = []
        while case .success(let piece?) = exchange.takeBody() { sizes.append(piece.count) }
        #expect(sizes == [16000, 16000, 16000, 16000, 16000, 16000, 4000])
    }

    @Test("what was received before a failure is read before it")
    func failureComesLast() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1], outcome: .failure(error)))
        #expect(exchange.headResult == .success(head))
        #expect(exchange.takeBody() == .success([1]))
        #expect(exchange.takeBody() == .failure(error))
        #expect(exchange.takeBody() == .failure(error))
    }

    @Test("the first outcome stays, later news are ignored")
    func firstOutcome() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, outcome: .success(())))
        _ = exchange.receive(HTTPExchange.News(bytes: [1], outcome: .failure(error)))
        #expect(exchange.takeBody() == .success(nil))
    }

    @Test("aborting throws away what is unread and stops a transfer that goes on, once")
    func abort() {
        let cancelled = HTTPClientError(.cancelled, "")
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1]))
        #expect(exchange.abort(cancelled).stops)
        #expect(!exchange.abort(error).stops)
        #expect(exchange.takeBody() == .failure(cancelled))
        #expect(exchange.isFinished)
    }

    @Test("aborting what has ended stops nothing, but what is unread is gone")
    func abortAfterTheEnd() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1], outcome: .success(())))
        #expect(!exchange.abort(error).stops)
        #expect(exchange.takeBody() == .failure(error))

        var read = HTTPExchange()
        _ = read.receive(HTTPExchange.News(head: head, outcome: .success(())))
        #expect(!read.abort(error).stops)
        #expect(read.takeBody() == .success(nil))
    }

    @Test("only the first reader gets the body")
    func claim() {
        var exchange = HTTPExchange()
        let claims = [exchange.claimBody(), exchange.claimBody(), exchange.claimBody()]
        #expect(claims == [true, false, false])
    }
}
