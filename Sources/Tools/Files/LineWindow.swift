/// Picks a range of lines out of bytes that come in pieces, and counts all lines.
///
/// A pure state machine. It keeps no more bytes than its budget: a line that would exceed it is left out whole, except
/// for the first, which is cut.
struct LineWindow {
    /// The lines that were picked, with their line breaks.
    package private(set) var bytes: [UInt8] = []

    /// How many lines were picked; the last may be cut.
    private(set) var pickedLines = 0

    /// Whether the picked line is only the beginning of a line.
    private(set) var isLineCut = false

    /// Whether the budget, not the end of the range, ended the picking.
    private(set) var isFull = false

    private let first: Int
    private let limit: Int
    private let budget: Int
    private var line = 1
    private var lineStart = 0
    private var hasPartialLine = false

    /// A window.
    ///
    /// - Parameters:
    ///   - first: The first line to pick, counted from 1.
    ///   - limit: The most lines to pick.
    ///   - budget: The most bytes to pick.
    init(first: Int, limit: Int, budget: Int) {
        self.first = first
        self.limit = limit
        self.budget = budget
    }

    /// Whether nothing that comes can be picked any more.
    var isComplete: Bool { isFull || line - first >= limit }

    /// How many lines there were in all; a last line without a line break counts.
    var totalLines: Int { hasPartialLine ? line : line - 1 }

    /// Takes the next piece.
    package mutating func consume(_ piece: UnsafeRawBufferPointer) {
        var rest = piece[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let part = rest[..<(end.map { $0 + 1 } ?? rest.endIndex)]
            pick(part)
            hasPartialLine = end == nil
            if end != nil { line += 1 }
            if end != nil { lineStart = bytes.count }
            rest = rest[part.endIndex...]
        }
    }

    private mutating func pick(_ part: Slice<UnsafeRawBufferPointer>) {
        guard !isFull, line >= first, line - first < limit else { return }
        // The line may have begun in an earlier piece.
        let isContinued = hasPartialLine
        if bytes.count + part.count <= budget {
            bytes.append(contentsOf: part)
            if !isContinued { pickedLines += 1 }
            return
        }
        isFull = true
        if lineStart > 0 {
            bytes.removeSubrange(lineStart...)
            if isContinued { pickedLines -= 1 }
        } else {
            bytes.append(contentsOf: part.prefix(budget - bytes.count))
            pickedLines = 1
            isLineCut = true
        }
    }
}
