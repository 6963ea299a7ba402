import Glibc

/// Swift compares and hashes strings by canonical equivalence. JSON compares code points; and an author who may choose
/// keys could write one string in many equivalent ways that all share a hash.
extension String {
    /// Whether two strings have the same code points.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame =
            utf8.withContiguousStorageIfAvailable { left in
                other.utf8.withContiguousStorageIfAvailable { right in
                    guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                    return memcmp(first, second, left.count) == 0
                } ?? nil
            } ?? nil
        return isSame ?? utf8.elementsEqual(other.utf8)
    }

    /// Feeds the UTF-8 of the string, and its length, to a hasher.
    package func hashBytes(into hasher: inout Hasher) {
        hasher.combine(utf8.count)
        var string = self
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
