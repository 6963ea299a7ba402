/// The header fields of a response, in the order they arrived.
public struct HTTPHeaders: Sendable, Hashable {
    private var fields: [HTTPHeader]

    /// Creates headers from fields.
    ///
    /// - Parameter fields: The fields in order; a name may occur several times.
    public init(_ fields: [HTTPHeader] = []) {
        self.fields = fields
    }

    /// The value of the first field with a name, whatever its case.
    ///
    /// - Parameter name: The field's name.
    /// - Returns: The value, or `nil` if there is no such field.
    public func first(name: String) -> String? {
        fields.first { Self.isSame($0.name, name) }?.value
    }

    /// The values of all fields with a name, whatever its case, in order.
    ///
    /// - Parameter name: The fields' name.
    public func all(name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    mutating func append(_ field: HTTPHeader) {
        fields.append(field)
    }

    /// Continues the last field's value with a folded line.
    mutating func extendLast(with text: String) {
        guard let last = fields.indices.last else { return }
        fields[last].value += " " + text
    }

    /// Compares names as RFC 9110 does: ASCII letters without case, everything else as it is.
    static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.elementsEqual(second.utf8) { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: RandomAccessCollection {
    /// The first field's position.
    public var startIndex: Int { fields.startIndex }

    /// The position after the last field.
    public var endIndex: Int { fields.endIndex }

    /// The field at a position.
    public subscript(position: Int) -> HTTPHeader { fields[position] }
}

extension HTTPHeaders: ExpressibleByArrayLiteral {
    /// Creates headers from the fields of an array literal.
    public init(arrayLiteral elements: HTTPHeader...) {
        self.init(elements)
    }
}
