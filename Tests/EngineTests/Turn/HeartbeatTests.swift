import Testing

@testable import Engine

struct HeartbeatTests {
    @Test func threeFitIntoATimeToLive() {
        #expect(Heartbeat.interval(for: .seconds(60)) == .seconds(3))
        #expect(Heartbeat.interval(for: .seconds(10)) == .seconds(3))
        #expect(Heartbeat.interval(for: .seconds(2)) == .milliseconds(600))
    }
}
