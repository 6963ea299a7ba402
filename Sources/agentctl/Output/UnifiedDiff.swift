/// The differences of two texts, line by line, in the form of `diff -u`.
enum UnifiedDiff {
    private struct Line {
        let mark: Character
        let text: Substring
    }

    /// Lines of both texts around a difference that are shown.
    private static let context = 3

    /// Lines that differ at most, before and after, to be compared one by one; beyond it all of them count as replaced.
    private static let maximumLines = 4_000

    /// The differences, below two lines that name the texts; empty when there are none.
    static func text(from old: String, _ oldName: String, to new: String, _ newName: String) -> String {
        guard old != new else { return "" }
        let lines = lines(from: split(old), to: split(new))
        var result = "--- \(oldName)\n+++ \(newName)\n"
        for hunk in hunks(of: lines) {
            let before = lines[..<hunk.lowerBound]
            let oldStart = before.count { $0.mark != "+" } + 1
            let newStart = before.count { $0.mark != "-" } + 1
            let oldCount = lines[hunk].count { $0.mark != "+" }
            let newCount = lines[hunk].count { $0.mark != "-" }
            result += "@@ -\(range(oldStart, oldCount)) +\(range(newStart, newCount)) @@\n"
            for line in lines[hunk] { result += "\(line.mark)\(line.text)\n" }
        }
        return result
    }

    private static func range(_ start: Int, _ count: Int) -> String {
        count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
    }

    private static func split(_ text: String) -> [Substring] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.last == "" ? lines.dropLast() : lines
    }

    private static func lines(from old: [Substring], to new: [Substring]) -> [Line] {
        let prefix = zip(old, new).prefix { $0 == $1 }.count
        let suffix = zip(old.dropFirst(prefix).reversed(), new.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
        let removed = Array(old[prefix..<(old.count - suffix)])
        let inserted = Array(new[prefix..<(new.count - suffix)])
        return old[..<prefix].map { Line(mark: " ", text: $0) } + changes(from: removed, to: inserted)
            + old.suffix(suffix).map { Line(mark: " ", text: $0) }
    }

    private static func changes(from old: [Substring], to new: [Substring]) -> [Line] {
        guard old.count + new.count <= maximumLines else {
            return old.map { Line(mark: "-", text: $0) } + new.map { Line(mark: "+", text: $0) }
        }
        var removals: Set<Int> = []
        var insertions: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removals.insert(offset)
            case .insert(let offset, _, _): insertions.insert(offset)
            }
        }
        var result: [Line] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if oldIndex < old.count, removals.contains(oldIndex) {
                result.append(Line(mark: "-", text: old[oldIndex]))
                oldIndex += 1
            } else if newIndex < new.count, insertions.contains(newIndex) {
                result.append(Line(mark: "+", text: new[newIndex]))
                newIndex += 1
            } else {
                result.append(Line(mark: " ", text: new[newIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        return result
    }

    /// The stretches of lines that are shown: each difference with what stands around it.
    private static func hunks(of lines: [Line]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in lines.indices where lines[index].mark != " " {
            let range = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = hunks.last, range.lowerBound <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }
}
