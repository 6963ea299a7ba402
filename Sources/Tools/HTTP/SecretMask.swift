import Conversation
internal import HTTP
internal import JSON

/// Takes secrets out of what a model is told, also as URLs, JSON and basic authentication spell them.
struct SecretMask: Sendable {
    private let spellings: [String]

    /// What stands in place of a secret.
    package static let replacement = "[secret]"

    /// A mask.
    ///
    /// - Parameter secrets: The secrets.
    init(_ secrets: some Sequence<String>) {
        var spellings: Set<String> = []
        for secret in secrets where !secret.isEmpty {
            spellings.insert(secret)
            spellings.insert(PercentEncoding.component(secret))
            spellings.insert(String(JSONValue.string(secret).text.dropFirst().dropLast()))
            spellings.insert(Self.base64(Array(secret.utf8)))
        }
        // The longest first: one spelling may contain another.
        self.spellings = spellings.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    /// A text without the secrets.
    package func mask(_ text: String) -> String {
        spellings.reduce(text) { $0.replacing($1, with: Self.replacement) }
    }

    /// A value without the secrets, in keys and strings at any depth.
    package func mask(_ value: JSONValue) -> JSONValue {
        guard !spellings.isEmpty else { return value }
        switch value {
        case .string(let text): return .string(mask(text))
        case .array(let items): return .array(items.map { mask($0) })
        case .object(let object): return .object(JSONObject(object.map { (mask($0.key), mask($0.value)) }))
        default: return value
        }
    }

    /// An error without the secrets.
    package func mask(_ error: ToolError) -> ToolError {
        ToolError(error.code, mask(error.message), isFatal: error.isFatal, problems: error.problems)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let bits = group[0] << 16 | group[1] << 8 | group[2]
            let count = min(3, bytes.count - start) + 1
            for index in 0..<4 {
                let digit = alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)]
                result.append(index < count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
