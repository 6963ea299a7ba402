import HTTP
import Testing

struct ServerSentEventParserTests {
    private static let cases: [(stream: String, events: [ServerSentEvent])] = [
        ("data: hello\n\n", [ServerSentEvent(data: "hello")]),
        ("data:hello\n\n", [ServerSentEvent(data: "hello")]),
        ("data:  two spaces\n\n", [ServerSentEvent(data: " two spaces")]),
        ("data: a\r\rdata: b\r\n\r\ndata: c\n\n", ["a", "b", "c"].map { ServerSentEvent(data: $0) }),
        ("data: a\r\ndata: b\rdata: c\n\r\n", [ServerSentEvent(data: "a\nb\nc")]),
        ("\u{FEFF}data: marked\n\n", [ServerSentEvent(data: "marked")]),
        ("data: \u{FEFF}kept\n\n\u{FEFF}data: no field\n\n", [ServerSentEvent(data: "\u{FEFF}kept")]),
        (": a comment\n:\ndata: x\n: another\n\n", [ServerSentEvent(data: "x")]),
        ("event: add\ndata: 1\n\ndata: 2\n\n", [ServerSentEvent(event: "add", data: "1"), ServerSentEvent(data: "2")]),
        ("event: only\n\ndata: x\n\n", [ServerSentEvent(data: "x")]),
        ("event: a\nevent:\ndata: x\n\n", [ServerSentEvent(data: "x")]),
        ("data\n\ndata\ndata\n\ndata:\n\n", ["", "\n", ""].map { ServerSentEvent(data: $0) }),
        ("data: never ended\n", []),
        ("data: never ended", []),
        ("\n\n\r\r\n\n", []),
        ("unknown: x\nDATA: x\n data: x\ndata : x\n\n", []),
        (
            "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [
                ServerSentEvent(data: "a", id: "1"), ServerSentEvent(data: "b", id: "1"),
                ServerSentEvent(data: "c", id: ""),
            ]
        ),
        ("id: 1\nid: 2\u{0}\ndata: a\n\n", [ServerSentEvent(data: "a", id: "1")]),
        ("id: 7\n\ndata: a\n\n", [ServerSentEvent(data: "a", id: "7")]),
        (
            "retry: 1500\ndata: a\n\nretry: 1x\nretry:\nretry: -5\ndata: b\n\n",
            [ServerSentEvent(data: "a", retry: .milliseconds(1500)), ServerSentEvent(data: "b")]
        ),
        (
            "data: {\"a\": \"b: c\"}\n\ndata: [DONE]\n\n",
            ["{\"a\": \"b: c\"}", "[DONE]"].map { ServerSentEvent(data: $0) }
        ),
        (
            "error: {\"code\":500}\n\ndata: lost\nerror: a: b\nid: 1\n\n",
            [
                ServerSentEvent(event: "error", data: "{\"code\":500}"),
                ServerSentEvent(event: "error", data: "a: b", id: "1"),
            ]
        ),
        ("data: Grüße 👋🏽\n\n", [ServerSentEvent(data: "Grüße 👋🏽")]),
    ]

    /// What careless servers send, with what a lenient reader makes of it.
    private static let careless: [(stream: String, events: [ServerSentEvent])] = [
        (
            "data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n",
            ["{\"a\":1}", "{\"b\":2}", "[DONE]"].map { .init(data: $0) }
        ),
        ("data: {\"a\":1}\n\ndata: [DONE]", ["{\"a\":1}", "[DONE]"].map { .init(data: $0) }),
        ("data: {\ndata: \"a\":\ndata: {}\ndata: }\n\n", [.init(data: "{\n\"a\":\n{}\n}")]),
        (
            "event: x\ndata: {}\nevent: error\ndata: {\"b\":2}\n",
            [.init(event: "x", data: "{}"), .init(event: "error", data: "{\"b\":2}")]
        ),
        ("data: {}\nevent: late\n\n", [.init(event: "late", data: "{}")]), ("data: cut {", [.init(data: "cut {")]),
        (": only\n", []),
    ]

    @Test(arguments: careless.indices)
    func carelessStreamsAreReadLeniently(_ index: Int) throws {
        let (stream, expected) = Self.careless[index]
        let bytes = Array(stream.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser(separatesObjects: true)
            let events =
                try parser.consume(Array(bytes[..<cut])) + parser.consume(Array(bytes[cut...])) + parser.finish()
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test(arguments: cases.indices)
    func givesTheSameEventsHoweverTheStreamIsCut(_ index: Int) throws {
        let (stream, expected) = Self.cases[index]
        let bytes = Array(stream.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            let events =
                try parser.consume(Array(bytes[..<cut])) + parser.consume([]) + parser.consume(Array(bytes[cut...]))
            #expect(events == expected, "cut at \(cut)")
        }
        var parser = ServerSentEventParser()
        #expect(try bytes.flatMap { try parser.consume([$0]) } == expected)
    }

    @Test func anEventIsThereAsSoonAsItsLastLineEndIsAlsoWhenThatIsACR() throws {
        var parser = ServerSentEventParser()
        #expect(try parser.consume(Array("data: a\r\r".utf8)) == [ServerSentEvent(data: "a")])
        #expect(try parser.consume(Array("\ndata: b\r\n\r".utf8)) == [ServerSentEvent(data: "b")])
    }

    @Test func remembersTheLastIdentifierAndReconnectionTimeAlsoOfBlocksWithoutData() throws {
        var parser = ServerSentEventParser()
        #expect(parser.lastEventID == nil)
        #expect(try parser.consume(Array("id: 5\nretry: 10\n\n".utf8)) == [])
        #expect(parser.lastEventID == "5")
        #expect(parser.reconnectionTime == .milliseconds(10))
    }

    @Test func replacesWhatIsNotUTF8() throws {
        var parser = ServerSentEventParser()
        let bytes = Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8)
        #expect(try parser.consume(bytes) == [ServerSentEvent(data: "a\u{FFFD}b")])
    }

    @Test func anEventOfTheLargestSizePassesOneByteMoreDoesNotInOneLineOrManyWithOrWithoutItsEnd() throws {
        func code(_ stream: String, pieces: Int = 1) -> HTTPClientError.Code? {
            var parser = ServerSentEventParser(maximumEventBytes: 20)
            do {
                let bytes = Array(stream.utf8)
                let size = (bytes.count + pieces - 1) / pieces
                for start in stride(from: 0, to: bytes.count, by: size) {
                    _ = try parser.consume(Array(bytes[start..<min(start + size, bytes.count)]))
                }
                return nil
            } catch {
                return error.code
            }
        }
        let full = "data: 12345678901234\n\n"
        #expect(code(full + full + full) == nil)
        for pieces in [1, 3, 21] {
            #expect(code("data: 123456789012345\n\n", pieces: pieces) == .bodyTooLarge)
            #expect(code("data: 123456789012345", pieces: pieces) == .bodyTooLarge)
            #expect(code("data: 1\ndata: 2\ndata: 3\n", pieces: pieces) == .bodyTooLarge)
            #expect(code(": 1234567890\n: 1234567890\n", pieces: pieces) == .bodyTooLarge)
        }
    }

    private static let written = [
        ServerSentEvent(data: ""), ServerSentEvent(data: " a: b "), ServerSentEvent(data: "\n\na\n\n"),
        ServerSentEvent(event: "add", data: "Grüße 👋🏽", id: "1"), ServerSentEvent(data: "x", id: "", retry: .zero),
        ServerSentEvent(event: "e", data: ": no comment\nid: 9", id: "2", retry: .milliseconds(1_250)),
    ]

    @Test func whatIsWrittenIsReadHoweverItIsCut() throws {
        let bytes = Array(Self.written.map(\.wireText).joined().utf8)
        // An identifier stays in force until there is another.
        let expected = zip(Self.written, [nil, nil, nil, "1", "", "2"]).map { event, id in
            ServerSentEvent(event: event.event, data: event.data, id: id, retry: event.retry)
        }
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            let events = try parser.consume(Array(bytes[..<cut])) + parser.consume(Array(bytes[cut...]))
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test func lineEndsInWhatIsWrittenBeginNoOtherField() throws {
        let event = ServerSentEvent(event: "a\rdata: 1", data: "x\r\ny\rz\n", id: "7\r\n\r\ndata: 2")
        var parser = ServerSentEventParser()
        let read = try parser.consume(Array(event.wireText.utf8))
        #expect(read == [ServerSentEvent(event: "a", data: "x\ny\nz\n", id: "7")])
    }
}
