import Conversation
import Definitions

/// A summary without a model: how each message begins, which tools were called, which files were named.
struct Extraction: Sendable {
    package let source: CompactionSource
    /// Most bytes of the summary.
    package let maximumBytes: Int

    private static let sentenceBytes = 160
    /// Bytes at the beginning of a message that are searched for files.
    private static let searchedBytes = 4_096
    private static let maximumFiles = 20

    /// The summary; empty when nothing fits.
    package var summary: String {
        var parts: [String] = []
        if let summary = source.summary { parts.append(summary.cutInTheMiddle(to: maximumBytes / 2)) }
        let calls = source.messages.flatMap(\.toolCalls)
        if !calls.isEmpty { parts.append("Tools called: " + Self.counted(calls.map(\.name))) }
        let files = self.files
        if !files.isEmpty { parts.append("Files named: " + files.joined(separator: ", ")) }
        let head = parts.joined(separator: "\n").cutInTheMiddle(to: maximumBytes * 3 / 4)
        let lines = newestLines(within: maximumBytes - head.utf8.count - 1)
        return (head.isEmpty ? lines : [head] + lines).joined(separator: "\n").prefix(utf8: maximumBytes)
    }

    /// How the messages begin, without the oldest if not all fit.
    private func newestLines(within bytes: Int) -> [String] {
        let lines = source.messages.compactMap { message -> String? in
            guard message.role != .tool, !message.content.isEmpty else { return nil }
            return
                "- \(message.role == .user ? "User" : "Assistant"): \(message.content.firstSentence(Self.sentenceBytes))"
        }
        var room = bytes
        let kept = lines.reversed().prefix { line in
            room -= line.utf8.count + 1
            return room >= 0
        }
        return kept.reversed()
    }

    private static func counted(_ names: [String]) -> String {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for name in names {
            if counts[name] == nil { order.append(name) }
            counts[name, default: 0] += 1
        }
        return order.prefix(50).map { counts[$0] == 1 ? $0 : "\($0) ×\(counts[$0] ?? 0)" }.joined(separator: ", ")
    }

    private var files: [String] {
        var found: [String] = []
        for message in source.messages {
            for text in [message.content] + message.toolCalls.map(\.arguments) {
                let words = text.prefix(utf8: Self.searchedBytes).utf8.split { !$0.isPartOfPath }
                for word in words where word.count <= 200 {
                    guard let path = String(word), path.isPath, !found.contains(path) else { continue }
                    found.append(path)
                    if found.count == Self.maximumFiles { return found }
                }
            }
        }
        return found
    }
}

extension UInt8 {
    /// Whether the byte can be one of a file's path: a letter, a digit, one of `/._-~`, or part of another script's letter.
    fileprivate var isPartOfPath: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "/._-~".utf8.contains(self)
        }
    }
}

extension String {
    /// Whether this looks like a file's path: `a/b`, `/a/b.c`, not `1/2` or `//`.
    fileprivate var isPath: Bool {
        guard let slash = utf8.firstIndex(of: UInt8(ascii: "/")), !hasPrefix("//") else { return false }
        return utf8.index(after: slash) < utf8.endIndex && unicodeScalars.contains { $0.properties.isAlphabetic }
    }

    /// The first sentence or line, at most so many bytes of it.
    func firstSentence(_ maximumBytes: Int) -> String {
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        var sentence = String.UnicodeScalarView()
        var bytes = 0
        var ends = false
        for scalar in start {
            if scalar == "\n" || ends && scalar.properties.isWhitespace { break }
            bytes += UTF8.width(scalar)
            guard bytes <= maximumBytes - 3 else { return String(sentence) + "…" }
            sentence.append(scalar)
            if scalar == "。" { break }
            ends = ".!?".unicodeScalars.contains(scalar)
        }
        return String(sentence)
    }
}
