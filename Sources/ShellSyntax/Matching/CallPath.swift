internal import Paths

/// Paths as rules compare them.
package enum CallPath {
    /// A path without what changes nothing.
    ///
    /// That is `./`, a second slash, and `..` after a name. Links are not followed.
    package static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        let isAbsolute = path.isAbsolutePath
        for part in path.pathComponents where !part.isEmpty && part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// Whether a normalized path goes up from where it begins; what it then leads to, no rule knows.
    package static func goesUp(_ path: String) -> Bool { path.pathComponents.first == ".." }
}
