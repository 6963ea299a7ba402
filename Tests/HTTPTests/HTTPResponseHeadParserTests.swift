import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

struct HTTPResponseHeadParserTests {
    private func parse(_ lines: [String], limit: Int = 10_000) throws(HTTPClientError) -> HTTPResponseHead? {
        var parser = HTTPResponseHeadParser(maximumBytes: limit)
        for line in lines {
            let bytes = Array("\(line)\r\n".utf8)
            let result = bytes.withUnsafeBytes { bytes in
                Result { () throws(HTTPClientError) in try parser.consume(bytes) }
            }
            try result.get()
        }
        return parser.head
    }

    @Test func statusLineFieldsAndFoldedLines() throws {
        let head = try parse(["HTTP/1.1 404 Not Found", "A: 1", "b:\t two words  ", "a:3", "  folded", "C:", ""])
        #expect(
            head
                == HTTPResponseHead(
                    version: "HTTP/1.1",
                    status: 404,
                    headers: [
                        HTTPField("A", "1"), HTTPField("b", "two words"), HTTPField("a", "3 folded"),
                        HTTPField("C", ""),
                    ]
                )
        )
        #expect(head?.headers.all(name: "A") == ["1", "3 folded"])
        #expect(head?.headers.first(name: "B") == "two words")
        #expect(head?.headers.first(name: "D") == nil)
    }

    @Test func noReasonPhraseAndTheShortVersionOfHTTP2() throws {
        #expect(try parse(["HTTP/2 204 ", ""]) == HTTPResponseHead(version: "HTTP/2", status: 204, headers: [:]))
        #expect(try parse(["HTTP/1.0 200", ""]) == HTTPResponseHead(version: "HTTP/1.0", status: 200, headers: [:]))
    }

    @Test func interimHeadsBeforeAndTrailersAfterTheHeadAreNotPartOfIt() throws {
        let head = try parse(["HTTP/1.1 100 Continue", "X: 1", "", "HTTP/1.1 200 OK", "Y: 2", "", "Trailer: 3", ""])
        #expect(head == HTTPResponseHead(version: "HTTP/1.1", status: 200, headers: [HTTPField("Y", "2")]))
    }

    @Test func aHeadWithoutItsEmptyLineIsNoneYet() throws {
        #expect(try parse(["HTTP/1.1 200 OK", "Y: 2"]) == nil)
        #expect(try parse(["HTTP/1.1 100 Continue", ""]) == nil)
    }

    @Test(arguments: [
        [""], ["HTTP/1.1"], ["HTTP/1.1 20 OK"], ["HTTP/1.1 2000 OK"], ["HTTP/1.1 abc OK"], ["HTTP/1.1 +20 OK"],
        ["http/1.1 200 OK"], ["ICY 200 OK"], ["HTTP/1.1 200 OK", "no colon"], ["HTTP/1.1 200 OK", ": no name"],
        ["HTTP/1.1 200 OK", "no token: x"],
    ]
    )
    func whatIsNoHead(_ lines: [String]) {
        let error = #expect(throws: HTTPClientError.self) { try parse(lines) }
        #expect(error?.code == .malformed)
    }

    @Test func theLimitCountsEverythingInterimHeadsAndTrailersIncluded() throws {
        let lines = ["HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", "", "Trailer: 3", ""]
        let size = lines.reduce(0) { $0 + $1.utf8.count + 2 }
        #expect(try parse(lines, limit: size)?.status == 200)
        #expect(throws: HTTPClientError.self) { try parse(lines, limit: size - 1) }
    }
}
