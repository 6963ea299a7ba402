import JSON

/// Keeps keys and passwords out of documents: only the name of a variable belongs there.
///
/// What looks like a secret is taken out before the document goes anywhere, so that it is neither stored nor logged nor
/// shown in a message.
enum SecretGuard {
    private static let names: Set<String> = [
        "apikey", "xapikey", "key", "secret", "secretkey", "clientsecret", "password", "passwd", "token", "accesstoken",
        "authtoken",
        "bearertoken", "authorization", "credential", "credentials", "privatekey",
    ]

    /// Members that name a variable.
    private static let variables: Set<String> = ["api_key_env", "secret_env", "previous_secret_env"]

    /// Members whose values are users' data or schemas: a schema may well have a property `password`.
    private static let skipped: Set<String> = ["input_schema", "output_schema", "rules", "examples"]

    /// Where a tool has `{secret: NAME}`.
    private static let places = ["configuration.headers.", "configuration.query.", "configuration.form."]

    /// Takes the secrets out of a document.
    ///
    /// - Returns: What was found, each with its path.
    static func redact(_ document: inout JSONValue) -> [DocumentFinding] {
        var findings: [DocumentFinding] = []
        document = redacted(document, path: "", &findings)
        return findings
    }

    private static func redacted(_ value: JSONValue, path: String, _ findings: inout [DocumentFinding]) -> JSONValue {
        switch value {
        case .object(let members):
            var object: JSONObject = [:]
            for member in members {
                let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
                if skipped.contains(member.key) {
                    object[member.key] = member.value
                } else if let finding = finding(member, memberPath) {
                    findings.append(finding)
                    object[member.key] = .string("")
                } else {
                    object[member.key] = redacted(member.value, path: memberPath, &findings)
                }
            }
            return .object(object)
        case .array(let items):
            return .array(items.enumerated().map { redacted($1, path: "\(path)[\($0)]", &findings) })
        default: return value
        }
    }

    private static func finding(_ member: JSONObject.Member, _ path: String) -> DocumentFinding? {
        guard let text = member.value.stringValue, !text.isEmpty else { return nil }
        if variables.contains(member.key) || isNamed(path) || path.hasPrefix("header_env.") {
            guard !isVariable(text) else { return nil }
            let example = member.key == "secret" ? "ORDERS_TOKEN" : "OPENAI_API_KEY"
            return DocumentFinding(
                path: path,
                problem: "is not the name of an environment variable",
                expected: "a name such as \(example); the key itself belongs into that variable, never into a document"
            )
        }
        let name = member.key.lowercased().filter { $0 != "_" && $0 != "-" }
        guard names.contains(name), !isTemplate(text) else { return nil }
        let isTool = path.hasPrefix("configuration.")
        return DocumentFinding(
            path: path,
            problem: "would store a secret",
            expected: isTool
                ? "{secret: NAME} in headers, query or form, with the name of the variable that holds it"
                : (path.hasPrefix("headers.") ? "header_env" : "api_key_env")
                    + " with the name of the variable that holds it"
        )
    }

    /// Whether the member is the `secret` of a tool's `{secret: NAME}`.
    private static func isNamed(_ path: String) -> Bool {
        path.hasSuffix(".secret") && places.contains { path.hasPrefix($0) && path.utf8.count > $0.utf8.count + 6 }
    }

    /// Whether a text is put together from arguments: beside their places, `{name}` or `{{input.name}}`, it has room for a
    /// word such as `Bearer`, and for no key.
    private static func isTemplate(_ text: String) -> Bool {
        var rest = ""
        var place: String?
        var places = 0
        for character in text {
            switch (character, place) {
            case ("{", nil): place = ""
            case ("{", ""): break
            case ("}", nil): break
            case ("}", let name?):
                guard !name.isEmpty else { return false }
                places += 1
                place = nil
            case (_, nil): rest.append(character)
            case (_, let name?):
                guard character.isLetter || character.isNumber || "_-. ".contains(character) else { return false }
                place = name + String(character)
            }
        }
        return places > 0 && place == nil && rest.utf8.count <= 7
    }

    private static func isVariable(_ text: String) -> Bool {
        guard text.utf8.count <= 128, text.first?.isNumber == false, !isKey(text) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Whether a text that could be a name has the form of a key: digits among small and capital letters, or very long.
    private static func isKey(_ text: String) -> Bool {
        guard text.contains(where: \.isNumber), text.contains(where: \.isLowercase) else { return false }
        return text.utf8.count >= (text.contains(where: \.isUppercase) ? 16 : 32)
    }
}
