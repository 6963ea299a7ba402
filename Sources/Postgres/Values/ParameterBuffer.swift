import FoundationEssentials
internal import Glibc
import JSON

/// The parameters of one statement in the form in which libpq takes them.
///
/// A connection keeps one and refills it for each statement, so that sending allocates nothing.
///
/// All values are sent as text and their types are left to the server, so that one prepared statement serves whatever
/// the values are; `bytea` alone is sent as it is, as its text form is twice as long.
struct ParameterBuffer {
    /// The protocol counts parameters in 16 bits.
    static let maximumCount = 65_535
    /// PostgreSQL takes no value above 1 GB, so that lengths fit 32 bits.
    static let maximumBytes = 1 << 30
    /// Above this the memory is given back after use.
    private static let keptBytes = 1 << 20

    private static let null = -1

    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// Replaces what the buffer holds.
    ///
    /// - Throws: ``PostgresError/Code/invalidParameter`` if a value cannot be sent.
    mutating func fill(_ values: [PostgresValue]) throws(PostgresError) {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytes)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        guard values.count <= Self.maximumCount else {
            throw PostgresError(
                .invalidParameter,
                "\(values.count) parameters; at most \(Self.maximumCount) can be sent"
            )
        }
        for (index, value) in values.enumerated() {
            let start = bytes.count
            let format = try append(value, number: index + 1)
            let length = bytes.count - start
            guard length <= Self.maximumBytes else {
                throw PostgresError(.invalidParameter, "parameter $\(index + 1) is \(length) bytes; 1 GB can be sent")
            }
            if case .null = value { offsets.append(Self.null) } else { offsets.append(start) }
            lengths.append(Int32(length))
            formats.append(format)
            bytes.append(0)
        }
    }

    /// Appends one value.
    ///
    /// - Returns: Its format: 0 for text, 1 for binary.
    private mutating func append(_ value: PostgresValue, number: Int) throws(PostgresError) -> Int32 {
        switch value {
        case .null: break
        case .bool(let value): bytes.append(UInt8(ascii: value ? "t" : "f"))
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .double(let value): append(value)
        case .text(let value): try append(value, number: number)
        case .bytes(let value):
            bytes.append(contentsOf: value)
            return 1
        case .uuid(let value): bytes.append(contentsOf: value.uuidString.utf8)
        case .timestamp(let value):
            guard let timestamp = Timestamp(secondsSince1970: value.timeIntervalSince1970) else {
                throw PostgresError(.invalidParameter, "parameter $\(number) is a time that PostgreSQL cannot hold")
            }
            timestamp.append(to: &bytes)
        case .json(let value): try append(value.string, number: number)
        case .textArray(let elements):
            for element in elements { try refuseNUL(in: element, number: number) }
            ArrayLiteral.append(elements, to: &bytes)
        case .integerArray(let elements): ArrayLiteral.append(elements, to: &bytes)
        }
        return 0
    }

    private mutating func append(_ value: Double) {
        switch value {
        case .infinity: bytes.append(contentsOf: "Infinity".utf8)
        case -.infinity: bytes.append(contentsOf: "-Infinity".utf8)
        case _ where value.isNaN: bytes.append(contentsOf: "NaN".utf8)
        default: bytes.append(contentsOf: "\(value)".utf8)
        }
    }

    private mutating func append(_ text: String, number: Int) throws(PostgresError) {
        try refuseNUL(in: text, number: number)
        bytes.append(contentsOf: text.utf8)
    }

    /// libpq takes texts up to their first NUL, so the rest would be lost without a word.
    private func refuseNUL(in text: String, number: Int) throws(PostgresError) {
        let holdsNUL = text.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        }
        guard holdsNUL ?? text.utf8.contains(0) else { return }
        throw PostgresError(
            .invalidParameter,
            "parameter $\(number) holds U+0000, which PostgreSQL cannot store in text"
        )
    }

    /// Lends the parameters to `body` as libpq's arrays: count, values, lengths, formats.
    mutating func withArrays<Result>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        // The array is taken out of `self` while it is filled, so that its memory is used again.
        var pointers: [UnsafePointer<CChar>?] = []
        swap(&pointers, &self.pointers)
        defer { swap(&pointers, &self.pointers) }
        pointers.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBytes { bytes in
            let base = bytes.bindMemory(to: CChar.self).baseAddress
            for offset in offsets { pointers.append(offset == Self.null ? nil : base.map { $0 + offset }) }
            return body(Int32(pointers.count), pointers, lengths, formats)
        }
    }
}
