import Glibc

/// Swift compares and hashes strings by canonical equivalence. JSON compares code points; and an author who may choose
/// keys could write one string in many equivalent ways that all share a hash.
extension String {
    /// Whether two strings have the same code points.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (left, right) = (self, other)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return memcmp(left, right, self.utf8.count) == 0
            }
        }
    }

    /// Feeds the UTF-8 of the string, and its length, to a hasher.
    package func hashBytes(into hasher: inout Hasher) {
        hasher.combine(utf8.count)
        var string = self
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
