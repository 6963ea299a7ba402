import JSON
import Testing

struct BoundedDurationTests {
    /// Each of these ended the program when it was converted as it stands.
    @Test(arguments: [.infinity, -.infinity, 1e300, -1e300, .greatestFiniteMagnitude])
    func whatNoLengthOfTimeHasIsBounded(_ seconds: Double) {
        #expect(Duration(boundedSeconds: seconds) == .seconds((seconds < 0 ? -300 : 300) * 366 * 86_400))
        #expect(JSONValue.number(seconds).millisecondsValue == Duration(boundedSeconds: seconds))
    }

    @Test func whatIsNoNumberIsNothing() {
        #expect(Duration(boundedSeconds: .nan) == .zero)
        #expect(JSONValue.string("5").secondsValue == nil)
        #expect((5 as JSONValue).secondsValue == .seconds(5))
        #expect((1500 as JSONValue).millisecondsValue == .milliseconds(1500))
    }
}
