import Testing

@testable import Models

@Suite struct RetryAfterTests {
    static let headers: [(headers: [String: String], expected: Duration?)] = [
        (["retry-after": "7"], .seconds(7)), (["retry-after": "1.5"], .milliseconds(1_500)),
        (["retry-after": "0"], .zero), (["retry-after": "-3"], .zero), (["retry-after": "99999999"], .seconds(86_400)),
        (["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"], .seconds(37)),
        (["retry-after": "Sun, 06 Nov 1994 08:48:00 GMT"], .zero), (["retry-after": "soon"], nil),
        (["retry-after": "nan"], nil), (["retry-after": "inf"], nil), (["retry-after": ""], nil),
        (["retry-after": "Sun, 06 Foo 1994 08:49:37 GMT"], nil),
        (["retry-after": "Sun, 6 Nov 99999999999 1:2:3 GMT"], nil),
        (["retry-after-ms": "250", "retry-after": "1"], .milliseconds(250)), ([:], nil),
    ]

    @Test(arguments: headers)
    func reads(headers: [String: String], expected: Duration?) {
        // 1994-11-06T08:49:00Z
        #expect(RetryAfter.duration(now: 784_111_740) { headers[$0] } == expected)
    }
}
