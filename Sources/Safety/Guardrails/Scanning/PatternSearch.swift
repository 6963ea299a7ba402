internal import Patterns

/// Finds all places where regular expressions match, within bounds.
///
/// Where an expression takes too long, or matches too often, the rest of the text counts as found: what cannot be
/// looked at is not let through.
struct PatternSearch {
    /// The most places of one expression.
    static let maximumMatches = 1_000
    /// How long all searches of a text may take.
    package static let patience: Duration = .seconds(2)

    private let deadline = ContinuousClock.now + patience

    /// Finds the places of one expression.
    ///
    /// - Returns: Ranges in UTF-8 bytes, in order.
    func ranges(of pattern: Pattern, in text: String) -> [Range<Int>] {
        let count = text.utf8.count
        var ranges: [Range<Int>] = []
        var offset = 0
        while offset <= count {
            guard ranges.count < Self.maximumMatches, ContinuousClock.now < deadline else {
                ranges.append(offset..<count)
                break
            }
            do throws(PatternError) {
                guard let match = try pattern.firstMatch(in: text, from: offset) else { break }
                // A match of nothing says something about the place: the character there stands for it.
                let upper = max(match.range.upperBound, min(count, match.range.lowerBound + 1))
                ranges.append(match.range.lowerBound..<upper)
                offset = max(upper, offset + 1)
            } catch {
                ranges.append(offset..<count)
                break
            }
        }
        return ranges
    }
}
