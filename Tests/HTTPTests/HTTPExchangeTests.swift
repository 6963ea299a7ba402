import TestSupport
import Testing

@testable import HTTP

/// The state machine between receiver and reader, without either.
struct HTTPExchangeTests {
    private let head = HTTPResponseHead(version: "HTTP/1.1", status: 200, headers: [])
    private let error = HTTPClientError(.transport, "broken")

    private func piece(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    /// Feeds news and tells whether receiving has to pause.
    private func pauses(_ exchange: inout HTTPExchange, bytes: Int) -> Bool {
        exchange.receive(HTTPExchange.News(bytes: piece(bytes))).pauses
    }

    @Test func pausesAboveTheHighWaterMarkOnceAndResumesAtTheLowWaterMarkOnce() {
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

    @Test func doesNotPauseWhatHasEnded() {
        var exchange = HTTPExchange()
        let news = HTTPExchange.News(bytes: piece(1 << 20), outcome: .success(()))
        #expect(!exchange.receive(news).pauses)
    }

    @Test func smallPiecesThatNobodyWaitsForAreJoined() {
        var exchange = HTTPExchange()
        for _ in 0..<100 { _ = pauses(&exchange, bytes: 1000) }
        var sizes: [Int] = []
        while case .success(let piece?) = exchange.takeBody() { sizes.append(piece.count) }
        #expect(sizes == [16000, 16000, 16000, 16000, 16000, 16000, 4000])
    }

    @Test func whatWasReceivedBeforeAFailureIsReadBeforeIt() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1], outcome: .failure(error)))
        #expect(exchange.headResult == .success(head))
        #expect(exchange.takeBody() == .success([1]))
        #expect(exchange.takeBody() == .failure(error))
        #expect(exchange.takeBody() == .failure(error))
    }

    @Test func theFirstOutcomeStaysLaterNewsAreIgnored() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, outcome: .success(())))
        _ = exchange.receive(HTTPExchange.News(bytes: [1], outcome: .failure(error)))
        #expect(exchange.takeBody() == .success(nil))
    }

    @Test func abortingThrowsAwayWhatIsUnreadAndStopsATransferThatGoesOnOnce() {
        let cancelled = HTTPClientError(.cancelled, "")
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1]))
        #expect(exchange.abort(cancelled).stops)
        #expect(!exchange.abort(error).stops)
        #expect(exchange.takeBody() == .failure(cancelled))
        #expect(exchange.isFinished)
    }

    @Test func abortingWhatHasEndedStopsNothingButWhatIsUnreadIsGone() {
        var exchange = HTTPExchange()
        _ = exchange.receive(HTTPExchange.News(head: head, bytes: [1], outcome: .success(())))
        #expect(!exchange.abort(error).stops)
        #expect(exchange.takeBody() == .failure(error))

        var read = HTTPExchange()
        _ = read.receive(HTTPExchange.News(head: head, outcome: .success(())))
        #expect(!read.abort(error).stops)
        #expect(read.takeBody() == .success(nil))
    }

    @Test func onlyTheFirstReaderGetsTheBody() {
        var exchange = HTTPExchange()
        let claims = [exchange.claimBody(), exchange.claimBody(), exchange.claimBody()]
        #expect(claims == [true, false, false])
    }
}
