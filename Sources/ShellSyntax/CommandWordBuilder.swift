/// Collects the bytes of a word and what is known of what it may become.
struct CommandWordBuilder {
    private var text: [UInt8] = []
    private var isLiteral = true
    private var prefixEnd: Int?
    private var braceStart: Int?

    /// Whether nothing was added.
    package var isEmpty: Bool { text.isEmpty }

    /// Adds a byte that stands for itself.
    package mutating func append(_ byte: UInt8) {
        text.append(byte)
    }

    /// Adds bytes that stand for themselves.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        text.append(contentsOf: bytes)
    }

    /// Notes a brace that is not quoted, which may begin alternatives.
    mutating func noteBrace() {
        braceStart = braceStart ?? text.count
    }

    /// Notes that something that is expanded follows, or has just begun.
    ///
    /// - Parameter splits: Whether the result may be several words, of which only the first begins as this one does.
    mutating func noteExpansion(splits: Bool) {
        isLiteral = false
        prefixEnd = splits ? 0 : min(prefixEnd ?? text.count, text.count)
    }

    /// The word.
    package func word() -> CommandWord {
        let string = String(decoding: text, as: UTF8.self)
        if let braceStart {
            let end = min(braceStart, prefixEnd ?? braceStart)
            return CommandWord(expanding: string, prefix: String(decoding: text[..<end], as: UTF8.self))
        }
        guard !isLiteral else { return CommandWord(string) }
        let prefix = text[..<(prefixEnd ?? 0)]
        return CommandWord(expanding: string, prefix: String(decoding: prefix, as: UTF8.self))
    }
}
