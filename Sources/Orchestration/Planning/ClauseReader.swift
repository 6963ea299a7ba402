/// Cuts a task into clauses, at "and then", "then", ";", "and" and ",".
///
/// A cut is made only where it has to be: of all ways to cut the text into clauses that mean something, the one with the
/// fewest is taken, and among these the one whose first clauses are longest. What a clause says does not reach over a
/// place at which it could end and another clause begin: "run tests with pytest and read config" is two. What follows *then* comes after everything
/// before it; *and* says nothing about the order.
///
/// ```swift
/// try ClauseReader("Read config, then run tests").clauses { known.contains($0) }
/// // "Read config"; "run tests", after everything before
/// ```
package struct ClauseReader: Sendable {
    /// A part of a task.
    package struct Clause: Sendable, Hashable {
        package let text: String
        /// Whether it comes after everything before it.
        package let isAfterwards: Bool

        package init(_ text: String, isAfterwards: Bool = false) {
            (self.text, self.isAfterwards) = (text, isAfterwards)
        }
    }

    /// The longest task: 64 KiB.
    package static let maximumBytes = 1 << 16
    /// The most places at which a task can be cut, and one more.
    package static let maximumPieces = 64

    /// What is between two neighbouring places, from the first to the last.
    private struct Piece {
        var start: String.Index
        var end: String.Index
        var isAfterwards: Bool
    }

    private let text: String
    private let pieces: [Piece]

    /// Finds the places where a task can be cut.
    ///
    /// - Throws: ``PlanningError/Code/tooLarge`` when it is longer than ``maximumBytes`` or has more than
    ///   ``maximumPieces`` pieces; ``PlanningError/Code/noPlan`` when it says nothing.
    package init(_ text: String) throws(PlanningError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw PlanningError(.tooLarge, "the task has more than \(Self.maximumBytes) bytes")
        }
        self.text = text
        pieces = Self.pieces(of: text)
        guard !pieces.isEmpty else { throw PlanningError(.noPlan, "the task says nothing", clause: "") }
        guard pieces.count <= Self.maximumPieces else {
            throw PlanningError(
                .tooLarge,
                "the task has \(pieces.count) clauses; a plan is made of at most \(Self.maximumPieces)"
            )
        }
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var open: Piece?
        var isAfterwards = false
        func close() {
            if let piece = open { pieces.append(piece) }
            open = nil
        }
        for word in text.split(whereSeparator: \.isWhitespace) {
            let isCut = word.last == "," || word.last == ";"
            let content = isCut ? word.dropLast() : word
            let bare = content.lowercased()
            if bare == "and" || bare == "then" {
                close()
                // What nothing stands before comes after nothing.
                isAfterwards = (isAfterwards || bare == "then") && !pieces.isEmpty
                continue
            }
            if !content.isEmpty {
                if open == nil {
                    open = Piece(start: content.startIndex, end: content.endIndex, isAfterwards: isAfterwards)
                    isAfterwards = false
                } else {
                    open?.end = content.endIndex
                }
            }
            if isCut { close() }
        }
        close()
        return pieces
    }

    /// The clauses.
    ///
    /// - Parameters:
    ///   - means: Whether a clause means something; it is asked for each part at most once.
    ///   - takes: Whether a clause that means something takes a text as one of its values, or as a part of one.
    /// - Returns: nil when the text cannot be cut into clauses that all do.
    /// - Throws: What `means` throws.
    package func clauses<Failure: Error>(
        where means: (String) throws(Failure) -> Bool,
        takes: (_ clause: String, _ text: String) -> Bool = { _, _ in false }
    ) throws(Failure) -> [Clause]? {
        var known: [Range<Int>: Bool] = [:]
        func isClause(_ start: Int, _ end: Int) throws(Failure) -> Bool {
            if let known = known[start..<end] { return known }
            let answer = try means(clause(start, end))
            known[start..<end] = answer
            return answer
        }
        // For each piece: the fewest clauses from it to the end, and where the first of them ends.
        var best: [(count: Int, end: Int)?] = Array(repeating: nil, count: pieces.count + 1)
        best[pieces.count] = (0, pieces.count)
        for start in pieces.indices.reversed() {
            for end in ((start + 1)...pieces.count).reversed() {
                guard let rest = best[end], rest.count + 1 < best[start]?.count ?? .max else { continue }
                guard try isClause(start, end) else { continue }
                var reachesTooFar = false
                for cut in (start + 1)..<max(end, start + 1) where !reachesTooFar {
                    guard let next = best[cut], next.end <= end, takes(clause(start, end), joint(before: cut)) else {
                        continue
                    }
                    reachesTooFar = try isClause(start, cut)
                }
                if !reachesTooFar { best[start] = (rest.count + 1, end) }
            }
        }
        guard best[0] != nil else { return nil }
        var clauses: [Clause] = []
        var start = 0
        while start < pieces.count, let end = best[start]?.end {
            clauses.append(Clause(clause(start, end), isAfterwards: pieces[start].isAfterwards))
            start = end
        }
        return clauses
    }

    /// The parts of a text that is cut at every place.
    package var smallest: [String] {
        pieces.indices.map { clause($0, $0 + 1) }
    }

    /// A piece with what joins it to the one before.
    private func joint(before cut: Int) -> String {
        Self.withoutEnd(text[pieces[cut - 1].end..<pieces[cut].end])
    }

    private func clause(_ start: Int, _ end: Int) -> String {
        Self.withoutEnd(text[pieces[start].start..<pieces[end - 1].end])
    }

    /// A part without the marks that end a sentence.
    ///
    /// The last name of a path may be nothing but dots: `.` and `..`.
    private static func withoutEnd(_ text: Substring) -> String {
        var text = text
        while let last = text.last, "!?".contains(last) { text.removeLast() }
        let dots = text.reversed().prefix { $0 == "." }.count
        let before = text.dropLast(dots).last
        if dots == 1 || dots == 2, let before, before == "/" || before.isWhitespace { return String(text) }
        while let last = text.last, ".!?".contains(last) { text.removeLast() }
        return String(text)
    }
}
