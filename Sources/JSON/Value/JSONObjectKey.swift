/// A key in an object's index: a string that is compared and hashed by its bytes.
package struct JSONObjectKey: Sendable, Hashable {
    let string: String

    package init(_ string: String) {
        self.string = string
    }

    package static func == (left: JSONObjectKey, right: JSONObjectKey) -> Bool {
        left.string.hasSameBytes(as: right.string)
    }

    package func hash(into hasher: inout Hasher) {
        string.hashBytes(into: &hasher)
    }
}
