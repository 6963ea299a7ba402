/// Which release of agentctl this is.
package enum Release {
    /// The version, as in the changelog.
    package static let current = "0.1.0"

    /// Whether a version comes after this one: numbers are compared in order, a missing one counts as 0.
    package static func isNewer(_ version: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 } }
        var theirs = numbers(version)
        var ours = numbers(current)
        let length = max(theirs.count, ours.count)
        theirs += Array(repeating: 0, count: length - theirs.count)
        ours += Array(repeating: 0, count: length - ours.count)
        return ours.lexicographicallyPrecedes(theirs)
    }
}
