/// The fewest single-character edits (insert, delete, replace, swap two neighbours) that turn one text into another.
///
/// Case is ignored. The work is bounded: texts of more than 64 characters are compared by their first 64.
/// `agentctl.edit_distance` has the same rule.
///
/// - Parameters:
///   - first: One text.
///   - second: The other text.
///   - limit: The largest distance that is of interest.
/// - Returns: The distance, or nil if it is larger than `limit`.
package func editDistance(_ first: String, _ second: String, limit: Int) -> Int? {
    let source = Array(first.lowercased().unicodeScalars.prefix(longestName))
    let target = Array(second.lowercased().unicodeScalars.prefix(longestName))
    guard abs(source.count - target.count) <= limit else { return nil }

    // Three rows of the usual table: the one being filled, the one above, and the one above that (for swaps).
    var beforePrevious: [Int] = []
    var previous = Array(0...target.count)
    for row in 0..<source.count {
        var current = [row + 1]
        current.reserveCapacity(target.count + 1)
        for column in 0..<target.count {
            let replacement = previous[column] + (source[row] == target[column] ? 0 : 1)
            var best = min(replacement, previous[column + 1] + 1, current[column] + 1)
            let isSwap =
                row > 0 && column > 0 && source[row] == target[column - 1] && source[row - 1] == target[column]
            if isSwap { best = min(best, beforePrevious[column - 1] + 1) }
            current.append(best)
        }
        beforePrevious = previous
        previous = current
    }
    let distance = previous[target.count]
    return distance <= limit ? distance : nil
}

/// Characters that count of a name.
private let longestName = 64

/// The candidate that a mistyped name most likely stands for.
///
/// A candidate qualifies if at most a third of the name's characters have to change, two in any case and five at most. Of
/// equally near candidates the first in alphabetical order wins, so that the answer does not depend on the order of the
/// candidates. `agentctl.nearest` has the same rule.
///
/// - Parameters:
///   - name: The name that was not found.
///   - candidates: The names that exist; 500 of about its length are looked at.
/// - Returns: The nearest candidate, or nil if none is near.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    nearestNames(to: name, among: candidates, count: 1).first
}

/// The candidates that a mistyped name may stand for, nearest first.
///
/// - Parameters:
///   - name: The name that was not found.
///   - candidates: The names that exist.
///   - count: How many names to return at most.
/// - Returns: Up to `count` candidates by the rule of ``nearestName(to:among:)``.
package func nearestNames(to name: String, among candidates: some Sequence<String>, count: Int) -> [String] {
    let length = min(name.unicodeScalars.count, longestName)
    let limit = min(max(2, length / 3), 5)
    let near = candidates.lazy.filter { abs(min($0.unicodeScalars.count, longestName) - length) <= limit }.prefix(500)
        .compactMap { candidate in
            editDistance(name, candidate, limit: limit).map { (distance: $0, name: candidate) }
        }
    return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(count).map(\.name)
}
