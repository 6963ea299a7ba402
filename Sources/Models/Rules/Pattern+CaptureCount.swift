internal import Patterns

extension Pattern {
    /// How many groups the pattern captures.
    ///
    /// The pattern is made one of two alternatives, the other of which is empty: that one always matches, and a match
    /// lists every group. The line break ends a comment at the pattern's end.
    var captureCount: Int? {
        guard let probe = try? Pattern("(?:\(source)\n)|", options: options) else { return nil }
        return (try? probe.firstMatch(in: ""))?.map { $0.captures.count - 1 }
    }
}
