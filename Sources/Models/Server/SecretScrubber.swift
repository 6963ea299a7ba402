import Definitions

/// Takes out of a foreign text what must not get into logs: keys, tokens, the request's own words, control characters.
///
/// Servers repeat what they were sent in their error messages. What is removed: the texts it was told of; every word
/// with the prefix of a well-known kind of key; the word after `Bearer`; and every word of 32 or more letters and digits.
struct SecretScrubber {
    private static let keyPrefixes = ["sk-", "sk_", "pk-", "pk_", "rk_", "gsk_", "hf_", "xai-", "AIza", "key-", "ghp_"]

    /// The shortest text that counts as a prompt, in characters; what is shorter is mere words.
    private static let shortestPrompt = 16

    private let secrets: [String]
    private let prompts: @Sendable () -> [String]

    /// A scrubber.
    ///
    /// - Parameters:
    ///   - secrets: Keys to remove wherever they stand.
    ///   - prompts: Longer texts to remove wherever at least their first 16 characters are repeated; asked for only when
    ///     there is a text to scrub.
    init(secrets: [String] = [], prompts: @autoclosure @escaping @Sendable () -> [String] = []) {
        self.secrets = secrets.filter { !$0.isEmpty }
        self.prompts = prompts
    }

    /// The text without secrets, on one line, of at most a number of bytes.
    package func scrub(_ text: String, maximumBytes: Int) -> String {
        // The input is bounded before it is searched; the factor leaves room for what is removed.
        var result = text.prefix(utf8: maximumBytes * 8)
        for secret in secrets { result = result.replacing(secret, with: "[key]") }
        for prompt in prompts() where prompt.count >= Self.shortestPrompt {
            result = Self.removing(prompt, from: result)
        }
        result = scrubWords(result)
        let cut = result.prefix(utf8: maximumBytes)
        return cut.utf8.count < result.utf8.count ? cut + "…" : cut
    }

    /// The text without what it repeats of a prompt, which servers cut as they like.
    private static func removing(_ prompt: String, from text: String) -> String {
        let beginning = prompt.prefix(shortestPrompt)
        var result = ""
        var rest = text[...]
        while let found = rest.firstRange(of: beginning) {
            result += rest[..<found.lowerBound] + "[prompt]"
            let repeated = zip(rest[found.lowerBound...], prompt).prefix { $0 == $1 }.count
            rest = rest[found.lowerBound...].dropFirst(repeated)
        }
        return result + rest
    }

    private func scrubWords(_ text: String) -> String {
        var result = ""
        var word = ""
        var previousWord = ""
        func flush() {
            guard !word.isEmpty else { return }
            result += isSecret(word, after: previousWord) ? "[key]" : word
            previousWord = word
            word = ""
        }
        for scalar in text.unicodeScalars {
            if isWordScalar(scalar) {
                word.unicodeScalars.append(scalar)
            } else {
                flush()
                result.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
            }
        }
        flush()
        return result
    }

    private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ["-", "_", "*"].contains(scalar)
    }

    private func isSecret(_ word: String, after previous: String) -> Bool {
        if previous.lowercased() == "bearer" { return true }
        if word.utf8.count >= 32 { return true }
        return word.utf8.count >= 8 && Self.keyPrefixes.contains { word.hasPrefix($0) }
    }
}
