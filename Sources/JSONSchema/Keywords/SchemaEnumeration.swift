import JSON

/// The values of an `enum`.
struct SchemaEnumeration: Sendable {
    /// All values in their order, for messages.
    let values: [JSONValue]

    /// Those that are cheap to hash.
    private let scalars: Set<JSONValue>

    /// Arrays and objects, which are compared: that ends at the first difference, hashing would read all of a value.
    private let composites: [JSONValue]

    /// The steps that a look-up takes.
    let cost: Int

    init(_ values: [JSONValue]) {
        self.values = values
        scalars = Set(values.filter { !$0.isComposite })
        composites = values.filter(\.isComposite)
        cost = composites.reduce(0) { $0 + $1.weight }
    }

    func contains(_ value: JSONValue) -> Bool {
        value.isComposite ? composites.contains(value) : scalars.contains(value)
    }
}

extension JSONValue {
    /// Whether it is an array or object.
    var isComposite: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
