/// Paths as the kernel takes them apart: by bytes.
///
/// To Swift a slash and a mark that combines with it are one character, which is no slash; and names that only look the
/// same are equal. To the kernel they are another path.
extension String {
    /// What stands between the slashes, in order; nothing for the place before a first one, or between two.
    package var pathComponents: [Substring] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
    }

    /// Whether a path begins with a slash.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
}
