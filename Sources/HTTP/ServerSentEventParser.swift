/// Splits a `text/event-stream` into events, by the rules of the HTML standard, however its bytes are cut.
///
/// A pure value without I/O. Lines end with CR, LF or CRLF; a byte order mark at the beginning, comments and unknown
/// fields are skipped; a block without data is no event; an event that is not followed by an empty line when the stream
/// ends is dropped, unless ``finish()`` is asked for it.
///
/// Some servers leave the empty lines between events out. For a stream whose data are JSON objects that can be mended:
/// see ``separatesObjects``.
///
/// One thing is not of the standard: some servers report an error in a field named `error`. It is an event of that type,
/// with the field's value as its data.
public struct ServerSentEventParser: Sendable {
    private let maximumEventBytes: Int

    /// Whether data that ends with `}` ends an event when more data follows that begins with `{` or `[`.
    ///
    /// No JSON object continues like that, so no event is taken apart whose data is one.
    private let separatesObjects: Bool
    private var line: [UInt8] = []
    private var isAfterCarriageReturn = false
    private var isFirstLine = true

    // The block being read.
    private var event: String?
    /// A type that came after data, which may be none.
    private var laterEvent: String??
    private var data: [UInt8] = []
    private var hasData = false
    private var blockRetry: Duration?
    private var blockBytes = 0

    /// The identifier of the last event, to be sent as `Last-Event-ID` when reconnecting.
    public private(set) var lastEventID: String?

    /// The last reconnection time the stream asked for, if it did.
    public private(set) var reconnectionTime: Duration?

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Creates a parser at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - maximumEventBytes: How many bytes the lines of one event may have together, comments included.
    ///   - separatesObjects: Whether JSON objects in consecutive lines are an event each.
    public init(maximumEventBytes: Int = 1 << 20, separatesObjects: Bool = false) {
        self.maximumEventBytes = maximumEventBytes
        self.separatesObjects = separatesObjects
    }

    /// Takes the next bytes of the stream.
    ///
    /// - Parameter bytes: Any number of bytes, cut anywhere.
    /// - Returns: The events that are complete now.
    /// - Throws: `HTTPClientError` with the code `bodyTooLarge` if an event is larger than allowed; the parser is of no
    ///   further use then.
    public mutating func consume(_ bytes: [UInt8]) throws(HTTPClientError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = bytes[...]
        if isAfterCarriageReturn, rest.first == Self.lineFeed { rest.removeFirst() }
        if !bytes.isEmpty { isAfterCarriageReturn = false }
        while let end = Self.endOfLine(in: rest) {
            try append(rest[..<end])
            if let event = finishLine() { events.append(event) }
            let next = end + 1
            let isCarriageReturn = rest[end] == Self.carriageReturn
            rest = rest[next...]
            if isCarriageReturn {
                // Its line feed may still be on the way; the line is over all the same.
                isAfterCarriageReturn = rest.isEmpty
                if rest.first == Self.lineFeed { rest.removeFirst() }
            }
        }
        try append(rest)
        return events
    }

    /// Ends the stream.
    ///
    /// - Returns: What is left: an event whose empty line, or even the end of its last line, is missing. Whether it is whole
    ///   is for the caller to find out; at most two events.
    public mutating func finish() -> [ServerSentEvent] {
        let before = line.isEmpty ? nil : finishLine()
        return [before, finishBlock()].compactMap(\.self)
    }

    private static func endOfLine(in bytes: ArraySlice<UInt8>) -> Int? {
        let place = bytes.withUnsafeBufferPointer { bytes in
            bytes.firstIndex { $0 == lineFeed || $0 == carriageReturn }
        }
        return place.map { bytes.startIndex + $0 }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(HTTPClientError) {
        blockBytes += bytes.count
        guard blockBytes <= maximumEventBytes else {
            throw HTTPClientError(.bodyTooLarge, "a server-sent event is larger than \(maximumEventBytes) bytes")
        }
        line += bytes
    }
}

// MARK: - Lines and blocks

extension ServerSentEventParser {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Interprets the line that has been collected.
    ///
    /// - Returns: An event, if the line was the empty one that ends it.
    private mutating func finishLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var content = line[...]
        if isFirstLine {
            isFirstLine = false
            if content.starts(with: Self.byteOrderMark) { content = content.dropFirst(3) }
        }
        if content.isEmpty { return finishBlock() }
        let name = content.prefix { $0 != UInt8(ascii: ":") }
        var value = content.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let field = String(decoding: name, as: UTF8.self)
        let early = field == "data" && beginsAnother(value) ? finishEarly() : nil
        interpret(field: field, value: value)
        return early
    }

    /// Whether data is the next event's, although no empty line was before it.
    private func beginsAnother(_ value: ArraySlice<UInt8>) -> Bool {
        guard separatesObjects, let first = value.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return false
        }
        return data.last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } == UInt8(ascii: "}")
    }

    /// Ends the block before a line of the next one; the type that came last is the next one's.
    private mutating func finishEarly() -> ServerSentEvent? {
        let next = laterEvent ?? nil
        laterEvent = nil
        defer {
            event = next
            blockBytes = line.count
        }
        return finishBlock()
    }

    private mutating func interpret(field: String, value: ArraySlice<UInt8>) {
        switch field {
        case "data":
            if hasData { data.append(Self.lineFeed) }
            data += value
            hasData = true
        case "event":
            let name = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
            if hasData { laterEvent = .some(name) } else { event = name }
        case "error":
            // What came before it in the block is left out.
            (event, laterEvent) = (field, nil)
            data = Array(value)
            hasData = true
        case "id":
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        case "retry":
            interpret(retry: value)
        default:
            break
        }
    }

    private mutating func interpret(retry value: ArraySlice<UInt8>) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard value.allSatisfy(digits.contains), let milliseconds = Int64(String(decoding: value, as: UTF8.self)) else {
            return
        }
        blockRetry = .milliseconds(milliseconds)
        reconnectionTime = blockRetry
    }

    private mutating func finishBlock() -> ServerSentEvent? {
        defer {
            (event, laterEvent, hasData, blockRetry, blockBytes) = (nil, nil, false, nil, 0)
            data.removeAll(keepingCapacity: true)
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            event: laterEvent ?? event,
            data: String(decoding: data, as: UTF8.self),
            id: lastEventID,
            retry: blockRetry
        )
    }
}
