import ShellSyntax

/// Finds keys, tokens and passwords by their form.
///
/// Known forms are found by their prefix, passwords in addresses by their place, and others by the name that they are
/// assigned to. Each byte is looked at a bounded number of times, however the text is made.
struct SecretScanner: Sendable {
    /// A form of token: what it begins with, and what follows.
    struct Form: Sendable {
        package let kind: String
        package let prefix: [UInt8]
        /// How many characters follow the prefix at least.
        package let minimum: Int
        /// Characters besides letters, digits and `_` that may follow.
        let punctuation: Set<UInt8>

        init(_ kind: String, _ prefix: String, _ minimum: Int, _ punctuation: String = "") {
            self.kind = kind
            self.prefix = Array(prefix.utf8)
            self.minimum = minimum
            self.punctuation = Set(punctuation.utf8)
        }
    }

    private static let forms = [
        Form("aws_access_key", "AKIA", 16), Form("aws_access_key", "ASIA", 16), Form("aws_access_key", "ABIA", 16),
        Form("github_token", "ghp_", 30), Form("github_token", "gho_", 30), Form("github_token", "ghu_", 30),
        Form("github_token", "ghs_", 30), Form("github_token", "ghr_", 30), Form("github_token", "github_pat_", 30),
        Form("gitlab_token", "glpat-", 20, "-"), Form("gitlab_token", "gldt-", 20, "-"),
        Form("slack_token", "xoxb-", 16, "-"), Form("slack_token", "xoxp-", 16, "-"),
        Form("slack_token", "xoxa-", 16, "-"), Form("slack_token", "xoxr-", 16, "-"),
        Form("slack_token", "xoxs-", 16, "-"), Form("slack_token", "xapp-", 16, "-"),
        Form("stripe_key", "sk_live_", 16), Form("stripe_key", "rk_live_", 16), Form("stripe_key", "sk_test_", 16),
        Form("stripe_key", "whsec_", 16), Form("api_key", "sk-", 20, "-"), Form("api_key", "gsk_", 20),
        Form("api_key", "xai-", 20, "-"), Form("api_key", "hf_", 30), Form("api_key", "r8_", 30),
        Form("google_api_key", "AIza", 35, "-"), Form("google_token", "ya29.", 20, "-."),
        Form("google_token", "GOCSPX-", 20, "-"), Form("npm_token", "npm_", 30), Form("pypi_token", "pypi-", 40, "-"),
        Form("sendgrid_key", "SG.", 40, "-."), Form("digitalocean_token", "dop_v1_", 40),
        Form("shopify_token", "shpat_", 24),
        Form("shopify_token", "shpss_", 24), Form("grafana_token", "glsa_", 24), Form("database_token", "dapi", 32),
        Form("vault_token", "hvs.", 20, "-"), Form("age_key", "AGE-SECRET-KEY-1", 40),
    ]

    /// The forms by the byte that they begin with.
    private static let formsByFirstByte: [[Form]] = {
        var table = Array(repeating: [Form](), count: 256)
        for form in forms { table[Int(form.prefix[0])].append(form) }
        return table
    }()

    /// Finds all spans in a text, in no order; they may overlap.
    func spans(in text: FoldedText) -> [GuardrailSpan] {
        var spans: [GuardrailSpan] = []
        // Up to where what begins with a prefix was read: it is not read again from its middle.
        var read = 0
        var readAddress = 0
        var readValue = 0
        for index in text.bytes.indices {
            let byte = text.bytes[index]
            switch byte {
            case UInt8(ascii: ":"):
                if let span = addressPassword(at: index, in: text, read: &readAddress) { spans.append(span) }
                if let span = assignment(at: index, in: text, read: &readValue) { spans.append(span) }
            case UInt8(ascii: "="):
                if let span = assignment(at: index, in: text, read: &readValue) { spans.append(span) }
            case UInt8(ascii: "-"):
                if index >= read, let (span, end) = privateKey(at: index, in: text) {
                    read = end
                    spans.append(span)
                }
            default:
                guard index >= read, byte.isLetter, !Self.isTokenByte(text.byte(index - 1)) else { continue }
                if let span = token(at: index, in: text, read: &read) { spans.append(span) }
            }
        }
        return spans
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
    }

    // MARK: Tokens

    private func token(at start: Int, in text: FoldedText, read: inout Int) -> GuardrailSpan? {
        if text.bytes[start] == UInt8(ascii: "e"), let span = webToken(at: start, in: text, read: &read) { return span }
        if text.bytes[start].lowercased == UInt8(ascii: "b"), let span = bearer(at: start, in: text) { return span }
        for form in Self.formsByFirstByte[Int(text.bytes[start])] where text.has(form.prefix, at: start) {
            var end = start + form.prefix.count
            while Self.isTokenByte(text.byte(end)) || form.punctuation.contains(text.byte(end)) { end += 1 }
            guard end - start - form.prefix.count >= form.minimum else { continue }
            read = end
            return text.span(start..<end, form.kind)
        }
        return nil
    }

    /// A JSON Web Token: three parts, the first of which is an object in Base64.
    private func webToken(at start: Int, in text: FoldedText, read: inout Int) -> GuardrailSpan? {
        guard text.byte(start + 1) == UInt8(ascii: "y"), text.byte(start + 2) == UInt8(ascii: "J") else { return nil }
        var dots = 0
        var end = start
        while true {
            let byte = text.byte(end)
            if byte == UInt8(ascii: "."), Self.isTokenByte(text.byte(end + 1)), dots < 2 {
                dots += 1
                if dots == 1 { read = end }
            } else if !Self.isTokenByte(byte), byte != UInt8(ascii: "-") {
                break
            }
            end += 1
        }
        // Of what is no token after all, only the first part is passed over: another secret may be behind it.
        if dots == 0 { read = end }
        guard dots == 2, end - start >= 24 else { return nil }
        read = end
        return text.span(start..<end, "jwt")
    }

    private func bearer(at start: Int, in text: FoldedText) -> GuardrailSpan? {
        guard text.has("bearer ", at: start) || text.has("basic ", at: start) else { return nil }
        let first = start + (text.has("bearer ", at: start) ? 7 : 6)
        var end = first
        var hasDigit = false
        while end - first < 4_096, Self.isTokenByte(text.byte(end)) || Self.bearerPunctuation.contains(text.byte(end)) {
            if text.byte(end).isDigit { hasDigit = true }
            end += 1
        }
        return hasDigit && end - first >= 16 ? text.span(first..<end, "bearer_token") : nil
    }

    private static let bearerPunctuation = Set("-._~+/=".utf8)

    // MARK: Keys

    private func privateKey(at start: Int, in text: FoldedText) -> (GuardrailSpan, Int)? {
        guard text.has("-----begin ", at: start) else { return nil }
        var name = start + 11
        while name - start < 64, !text.has("private key", at: name) {
            guard text.byte(name).isWordByte || text.byte(name) == UInt8(ascii: " ") else { return nil }
            name += 1
        }
        guard name - start < 64 else { return nil }
        // Without an end everything that follows may be the key.
        var end = name
        while end < text.bytes.count, !text.has("-----end ", at: end) { end += 1 }
        while end < text.bytes.count, text.byte(end) != UInt8(ascii: "\n") { end += 1 }
        return (text.span(start..<end, "private_key"), end)
    }

    /// The password in an address: `scheme://user:password@host`.
    private func addressPassword(at colon: Int, in text: FoldedText, read: inout Int) -> GuardrailSpan? {
        guard colon >= read, text.byte(colon + 1) == UInt8(ascii: "/"), text.byte(colon + 2) == UInt8(ascii: "/"),
            text.byte(colon - 1).isWordByte
        else { return nil }
        var end = colon + 3
        var separator: Int?
        var at: Int?
        while end - colon < 1_024, !Self.endsAddress.contains(text.byte(end)) {
            if text.byte(end) == UInt8(ascii: ":"), separator == nil { separator = end }
            if text.byte(end) == UInt8(ascii: "@") { at = end }
            end += 1
        }
        read = end
        guard let separator, let at, separator + 1 < at else { return nil }
        return text.span(separator + 1..<at, "connection_password")
    }

    private static let endsAddress = Set(" \t\r\n\"'`<>/?#\0".utf8)
}

extension FoldedText {
    /// Whether bytes stand at a place.
    package func has(_ word: [UInt8], at index: Int) -> Bool {
        guard index >= 0, index + word.count <= bytes.count else { return false }
        for offset in word.indices where bytes[index + offset] != word[offset] { return false }
        return true
    }

    /// Whether a word of lower-case ASCII stands at a place, in whatever case.
    package func has(_ word: StaticString, at index: Int) -> Bool {
        guard index >= 0, index + word.utf8CodeUnitCount <= bytes.count else { return false }
        return word.withUTF8Buffer { word in
            for offset in word.indices where bytes[index + offset].lowercased != word[offset] { return false }
            return true
        }
    }
}
