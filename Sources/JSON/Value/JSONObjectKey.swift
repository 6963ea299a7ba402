/// A key in an object's index: a string that is compared and hashed by its bytes.
struct JSONObjectKey: Sendable, Hashable {
    let string: String

    init(_ string: String) {
        self.string = string
    }

    static func == (left: JSONObjectKey, right: JSONObjectKey) -> Bool {
        left.string.hasSameBytes(as: right.string)
    }

    func hash(into hasher: inout Hasher) {
        string.hashBytes(into: &hasher)
    }
}
