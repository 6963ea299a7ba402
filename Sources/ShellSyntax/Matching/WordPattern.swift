package import Patterns

/// A pattern for one word: alternatives with `*` and `?`, or a regular expression after `re:`.
///
/// A backslash takes the special meaning from the character after it. A regular expression is searched for in the
/// word, so that `^` and `$` are needed to mean all of it.
package struct WordPattern: Sendable {
    /// A piece of an alternative.
    private enum Piece: Sendable, Hashable {
        case byte(UInt8)
        case anyByte
        case anything
    }

    private let alternatives: [[Piece]]
    private let expression: Pattern?

    /// The words that the pattern stands for, if they can be listed.
    let literals: [String]?

    /// The byte that every word which matches begins with, if there is one.
    private let firstByte: UInt8?

    /// Reads a pattern.
    ///
    /// - Throws: ``PatternError`` when the regular expression is none.
    package init(_ source: String) throws(PatternError) {
        if source.hasPrefix("re:") {
            let pattern = String(source.dropFirst(3))
            expression = try Pattern(pattern)
            alternatives = []
            literals = nil
            // Enough to know that an expression for options cannot match what does not begin with a dash.
            firstByte =
                pattern.hasPrefix("^-") && !pattern.contains("|") && !"?*{".contains(pattern.dropFirst(2).first ?? " ")
                ? UInt8(ascii: "-") : nil
            return
        }
        expression = nil
        alternatives = Self.alternatives(of: source)
        literals = Self.literals(of: alternatives)
        let starts = Set(alternatives.map(\.first))
        if starts.count == 1, case .byte(let byte)?? = starts.first { firstByte = byte } else { firstByte = nil }
    }

    private static func alternatives(of source: String) -> [[Piece]] {
        var alternatives: [[Piece]] = [[]]
        var rest = source.utf8[...]
        while let byte = rest.popFirst() {
            let piece: Piece
            switch byte {
            case UInt8(ascii: "|"):
                alternatives.append([])
                continue
            case UInt8(ascii: "*"): piece = .anything
            case UInt8(ascii: "?"): piece = .anyByte
            case UInt8(ascii: "\\"): piece = .byte(rest.popFirst() ?? byte)
            default: piece = .byte(byte)
            }
            alternatives[alternatives.count - 1].append(piece)
        }
        return alternatives
    }

    private static func literals(of alternatives: [[Piece]]) -> [String]? {
        var literals: [String] = []
        for alternative in alternatives {
            var bytes: [UInt8] = []
            for piece in alternative {
                guard case .byte(let byte) = piece else { return nil }
                bytes.append(byte)
            }
            literals.append(String(decoding: bytes, as: UTF8.self))
        }
        return literals
    }

    /// Whether a text matches.
    ///
    /// - Parameter doubt: The answer when matching would take too long.
    package func matches(_ text: String, doubt: Bool) -> Bool {
        if let expression {
            do { return try expression.matches(text) } catch { return doubt }
        }
        if let literals { return literals.contains(text) }
        let bytes = Array(text.utf8)
        return alternatives.contains { Self.matches(bytes, $0) }
    }

    /// Whether a word is certain to match, whatever it becomes.
    func isCertain(of word: CommandWord) -> Bool {
        word.isLiteral && matches(word.text, doubt: false)
    }

    /// Whether something that a word may become can match.
    func isPossible(for word: CommandWord) -> Bool {
        if matches(word.text, doubt: true) { return true }
        guard !word.isLiteral else { return false }
        guard let firstByte, let first = word.prefix.utf8.first else { return true }
        return firstByte == first
    }

    /// Matches from the left; of several places to go back to, the last is enough.
    private static func matches(_ bytes: [UInt8], _ pieces: [Piece]) -> Bool {
        var place = 0
        var piece = 0
        var retry: (piece: Int, place: Int)?
        while place < bytes.count {
            if piece < pieces.count, pieces[piece] == .anything {
                retry = (piece, place)
                piece += 1
            } else if piece < pieces.count, pieces[piece] == .anyByte || pieces[piece] == .byte(bytes[place]) {
                piece += 1
                place += 1
            } else if let last = retry {
                retry = (last.piece, last.place + 1)
                piece = last.piece + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .anything }
    }
}
