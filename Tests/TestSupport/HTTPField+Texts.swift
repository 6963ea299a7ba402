public import HTTPTypes

extension HTTPField {
    /// A field; a name that is no token ends the test.
    public init(_ name: String, _ value: String) {
        guard let name = Name(name) else { preconditionFailure("\(name) is not the name of a header field") }
        self.init(name: name, value: value)
    }
}

extension HTTPFields {
    /// The values of all fields with a name, in order.
    public func all(name: String) -> [String] {
        HTTPField.Name(name).map { self[values: $0] } ?? []
    }
}

extension HTTPFields: @retroactive ExpressibleByArrayLiteral {
    /// Fields in the order in which they are written.
    public init(arrayLiteral elements: HTTPField...) {
        self.init(elements)
    }
}
