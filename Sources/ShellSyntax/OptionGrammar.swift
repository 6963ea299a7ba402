/// The options of a command that runs another one: as far as to know where the other one begins.
struct OptionGrammar: Sendable {
    /// Letters of options without a value.
    package var flags = ""
    /// Letters of options with one.
    var valued = ""
    /// Long options without a value.
    var longFlags: [String] = []
    /// Long options with one.
    var longValued: [String] = []

    /// What was found before the other command.
    struct Reading {
        /// Where the other command begins; the number of words if there is none.
        package var end: Int
        /// The values of options, by their name.
        package var values: [String: CommandWord] = [:]
    }

    /// Reads options.
    ///
    /// - Parameters:
    ///   - words: The words of the command.
    ///   - start: The first that may be an option.
    /// - Returns: What was found; nil if something is not known, or is only known when the line runs.
    package func read(_ words: [CommandWord], from start: Int = 1) -> Reading? {
        var reading = Reading(end: start)
        while reading.end < words.count {
            let word = words[reading.end]
            guard word.isLiteral else { return word.prefix.isEmpty || word.prefix.hasPrefix("-") ? nil : reading }
            guard word.text.hasPrefix("-"), word.text != "-" else { return reading }
            reading.end += 1
            if word.text == "--" { return reading }
            let isRead =
                word.text.hasPrefix("--") ? readLong(word.text, words, &reading) : readShort(word.text, words, &reading)
            guard isRead else { return nil }
        }
        return reading
    }

    private func readLong(_ text: String, _ words: [CommandWord], _ reading: inout Reading) -> Bool {
        let parts = text.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        if longFlags.contains(name) { return parts.count == 1 }
        guard longValued.contains(name) else { return false }
        if parts.count == 2 {
            reading.values[name] = CommandWord(String(parts[1]))
            return true
        }
        return readValue(of: name, words, &reading)
    }

    private func readShort(_ text: String, _ words: [CommandWord], _ reading: inout Reading) -> Bool {
        var letters = text.dropFirst()
        while let letter = letters.popFirst() {
            if flags.contains(letter) { continue }
            guard valued.contains(letter) else { return false }
            guard letters.isEmpty else {
                reading.values[String(letter)] = CommandWord(String(letters))
                return true
            }
            return readValue(of: String(letter), words, &reading)
        }
        return true
    }

    private func readValue(of name: String, _ words: [CommandWord], _ reading: inout Reading) -> Bool {
        guard reading.end < words.count else { return false }
        // A value that may become several words, or none, would move all that follows.
        guard words[reading.end].isLiteral else { return false }
        reading.values[name] = words[reading.end]
        reading.end += 1
        return true
    }
}
