import JSON

/// The frame that a worker answers with, as far as it came: nothing in it is to be relied on.
struct PythonAnswer {
    /// What is to be known before the header is read.
    enum State: Equatable {
        case incomplete
        case complete
        /// It is longer than allowed.
        case refused
    }

    static let prefixBytes = 8
    /// The longest header: a failure, its traceback and violations; what a module has for problems.
    static let maximumHeaderBytes = 1 << 20

    private(set) var bytes: [UInt8] = []
    private let maximumBodyBytes: Int

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    private func length(at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    private var headerLength: Int { length(at: 0) }
    private var bodyLength: Int { length(at: 4) }

    mutating func append(_ part: some Collection<UInt8>) {
        bytes.append(contentsOf: part)
    }

    var state: State {
        guard bytes.count >= Self.prefixBytes else { return .incomplete }
        guard headerLength <= Self.maximumHeaderBytes, bodyLength <= maximumBodyBytes else { return .refused }
        let length = Self.prefixBytes + headerLength + bodyLength
        return bytes.count < length ? .incomplete : .complete
    }

    /// The header; nil when it is none.
    var header: JSONValue? {
        guard state == .complete else { return nil }
        let header = bytes[Self.prefixBytes..<(Self.prefixBytes + headerLength)]
        return try? JSONValue(parsing: header, options: JSONParserOptions(maximumDepth: 8))
    }

    /// The bytes after the header; what came after the frame is nobody's.
    var body: ArraySlice<UInt8> {
        guard state == .complete else { return [] }
        let start = Self.prefixBytes + headerLength
        return bytes[start..<(start + bodyLength)]
    }
}
