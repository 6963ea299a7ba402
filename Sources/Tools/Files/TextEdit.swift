internal import CLinux
import Conversation
import Definitions

/// A text to be replaced by another within a third.
///
/// Texts are compared by their bytes. In a text whose lines all end with CRLF, the line breaks of the old and the new
/// text become such: models write LF.
struct TextEdit {
    private let text: [UInt8]
    private let old: [UInt8]
    private let new: [UInt8]

    /// Where the old text begins, in bytes; the occurrences do not overlap.
    private let places: [Int]

    private static let lineFeed = UInt8(ascii: "\n")

    // How much is compared when the old text is nowhere.
    private static let comparedLines = 50
    private static let comparedBytes = 1 << 20

    /// An edit.
    init(_ text: String, old: String, new: String) {
        self.text = Array(text.utf8)
        let usesCRLF = Self.usesCRLF(self.text)
        self.old = usesCRLF ? Self.withCRLF(old) : Array(old.utf8)
        self.new = usesCRLF ? Self.withCRLF(new) : Array(new.utf8)
        places = Self.places(of: self.old, in: self.text)
    }

    /// How many bytes the text has after the edit: many small places can become a lot.
    package var resultBytes: Int { text.count + places.count * (new.count - old.count) }

    /// The text after the edit.
    package var result: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(resultBytes)
        var position = 0
        for place in places {
            result += text[position..<place]
            result += new
            position = place + old.count
        }
        return result + text[position...]
    }

    /// The lines, from 1, in which the old text begins.
    ///
    /// - Parameters:
    ///   - replacesAll: Whether there may be more than one.
    ///   - path: The file's path, for messages.
    /// - Throws: ``ToolError`` when there are none, or too many, with where they are.
    package func lines(replacingAll replacesAll: Bool, path: String) throws(ToolError) -> [Int] {
        let name = "\"\(Workspace.shown(path))\""
        guard !old.isEmpty else {
            throw ToolError(.invalidArguments, "\"old_text\" is empty. To make or extend a file, write it instead.")
        }
        guard old != new else { throw ToolError(.invalidArguments, "The old and the new text are the same.") }
        guard !places.isEmpty else {
            throw ToolError(.notFound, "The old text is not in \(name). \(nearMiss)")
        }
        let lines = lineNumbers(of: places)
        guard replacesAll || places.count == 1 else {
            let list = zip(places, lines).prefix(10).map { "- line \($1): \(line(at: $0))" }
            let more = places.count > 10 ? "\n- and \(places.count - 10) more" : ""
            throw ToolError(
                .failed,
                "The old text is in \(name) \(places.count) times. Give more of the lines around the one that is meant, "
                    + "or set \"replace_all\". It begins in:\n\(list.joined(separator: "\n"))\(more)"
            )
        }
        return lines
    }
}

// MARK: - Looking

extension TextEdit {
    /// The search is glibc's, whose time grows with the text alone, whatever stands in it.
    private static func places(of old: [UInt8], in text: [UInt8]) -> [Int] {
        guard !old.isEmpty else { return [] }
        return text.withUnsafeBytes { text in
            old.withUnsafeBytes { old in
                var places: [Int] = []
                var position = 0
                while let base = text.baseAddress,
                    let found = clinux_find_bytes(base + position, text.count - position, old.baseAddress, old.count)
                {
                    let place = found - base
                    places.append(place)
                    position = place + old.count
                }
                return places
            }
        }
    }

    private static func usesCRLF(_ text: [UInt8]) -> Bool {
        var isFound = false
        for index in text.indices where text[index] == lineFeed {
            guard index > 0, text[index - 1] == UInt8(ascii: "\r") else { return false }
            isFound = true
        }
        return isFound
    }

    private static func withCRLF(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if byte == lineFeed, result.last != UInt8(ascii: "\r") { result.append(UInt8(ascii: "\r")) }
            result.append(byte)
        }
        return result
    }

    private func lineNumbers(of places: [Int]) -> [Int] {
        var (line, position) = (1, 0)
        return places.map { place in
            line += text[position..<place].count { $0 == Self.lineFeed }
            position = place
            return line
        }
    }

    /// The beginning of the line that a place is in.
    private func line(at place: Int) -> String {
        let start = text[..<place].lastIndex(of: Self.lineFeed).map { $0 + 1 } ?? 0
        let bytes = text[start...].prefix { $0 != Self.lineFeed }.prefix(320)
        return DirectoryEntry.printable(String(decoding: bytes, as: UTF8.self).prefix(utf8: 80))
    }

    /// What to try when the old text is nowhere: the place where only the white space differs, if there is one.
    private var nearMiss: String {
        let wanted = Self.words(of: old[...].split(separator: Self.lineFeed, omittingEmptySubsequences: false))
            .drop(while: \.isEmpty)
        // It is a courtesy, so the work for it is bounded.
        let pattern = Array(wanted.reversed().drop(while: \.isEmpty).reversed().prefix(Self.comparedLines))
        let advice = "Read the file, and copy the text from there."
        guard let first = pattern.first, text.count <= Self.comparedBytes else { return advice }
        let lines = Self.words(of: text[...].split(separator: Self.lineFeed, omittingEmptySubsequences: false))
        let found = lines.indices.first { index in
            lines[index] == first && lines.count - index >= pattern.count
                && lines[index..<index + pattern.count].elementsEqual(pattern)
        }
        if let found {
            return "From line \(found + 1) on it differs in white space only (indentation, tabs, line ends). \(advice)"
        }
        let alike = lines.firstIndex(of: first)
        guard let alike, pattern.count > 1 else { return advice }
        return "Its first line is line \(alike + 1), but what follows there is different. \(advice)"
    }

    /// Lines as words with one space between them.
    private static func words(of lines: [ArraySlice<UInt8>]) -> [[UInt8]] {
        lines.map { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            return Array(words.joined(separator: [0x20]))
        }
    }
}
