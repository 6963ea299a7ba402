public import FoundationEssentials

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for, or `nil` if they are none.
    init?(hexadecimal digits: some Sequence<UInt8>) {
        self.init()
        reserveCapacity(digits.underestimatedCount / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map({ UInt8($0) }) else { return nil }
            if let first = high {
                append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        if high != nil { return nil }
    }
}

extension UUID: PostgresDecodable {
    /// Reads a `uuid`.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: UUID.self, from: [.uuid]) { UUID(uuidString: String(decoding: $0, as: UTF8.self)) }
    }
}

extension Date: PostgresDecodable {
    /// Reads a `timestamptz`, or a `timestamp` or `date`, which are taken as UTC.
    ///
    /// `infinity` is no Date: read it as a String, or have the statement replace it.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: Date.self, from: [.timestamptz, .timestamp, .date]) { text in
            Timestamp(parsing: text).map { Date(timeIntervalSince1970: $0.secondsSince1970) }
        }
    }
}
