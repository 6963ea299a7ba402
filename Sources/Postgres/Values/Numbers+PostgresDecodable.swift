/// The types that hold whole numbers; `numeric` is among them, as it is what `sum(bigint)` returns.
private let integerTypes: [PostgresType] = [.int8, .int4, .int2, .oid, .numeric]

extension Int64: PostgresDecodable {
    /// Reads an integer of any size, or a `numeric` without fraction.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.readInteger(as: Int64.self)
    }
}

extension Int: PostgresDecodable {
    /// Reads an integer of any size, or a `numeric` without fraction.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.readInteger(as: Int.self)
    }
}

extension Int32: PostgresDecodable {
    /// Reads an integer of any size, or a `numeric` without fraction, that fits.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.readInteger(as: Int32.self)
    }
}

extension Double: PostgresDecodable {
    /// Reads a number; an integer or `numeric` is rounded to what a Double holds.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: Double.self, from: [.float8, .float4] + integerTypes) {
            Double(String(decoding: $0, as: UTF8.self))
        }
    }
}

extension Bool: PostgresDecodable {
    /// Reads a `boolean`.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: Bool.self, from: [.bool]) { $0.first == UInt8(ascii: "t") }
    }
}

extension PostgresCell {
    fileprivate func readInteger<Number: FixedWidthInteger>(as target: Number.Type) throws(PostgresError) -> Number {
        try read(as: target, from: integerTypes) { text in
            var digits = text[...]
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits = digits.dropFirst() }
            guard !digits.isEmpty else { return nil }
            var number: Number = 0
            for byte in digits {
                // Counted down from zero for negative ones, as their range is larger by one.
                guard let digit = Number(exactly: Int(byte) - 48), (0...9).contains(digit) else { return nil }
                let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
                let (sum, again) =
                    isNegative
                    ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
                guard !overflow, !again else { return nil }
                number = sum
            }
            return number
        }
    }
}
