internal import Definitions

internal import struct FoundationEssentials.Data

/// Signs what hooks are sent, as [Standard Webhooks](https://www.standardwebhooks.com) has it: HMAC-SHA256 over
/// `id.timestamp.body`.
package struct HookSignature: Sendable, CustomStringConvertible, CustomReflectable {
    private let keys: [[UInt8]]

    /// Whether a text can be a key: what begins like a key and is not Base64, or empty, would sign with another one than
    /// the receiver has, or with one that everybody knows.
    package static func isSecret(_ text: String) -> Bool {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix) else { return !text.isEmpty }
        return Data(base64Encoded: String(text.dropFirst(prefix.count))).map { !$0.isEmpty } ?? false
    }

    /// The signature by secrets: the present one, and the one that it replaces while receivers may know only that.
    ///
    /// - Parameter secrets: Each as `whsec_` and Base64, or any text, whose UTF-8 is the key.
    package init(secrets: [String]) {
        keys = secrets.map { secret in
            let prefix = "whsec_"
            guard secret.hasPrefix(prefix),
                let key = Data(base64Encoded: String(secret.dropFirst(prefix.count)))
            else { return Array(secret.utf8) }
            return Array(key)
        }
    }

    /// The value of the header `webhook-signature`: one signature a secret, `v1,` and Base64, parted by a space.
    ///
    /// - Parameters:
    ///   - id: The value of `webhook-id`.
    ///   - timestamp: The value of `webhook-timestamp`: seconds since 1970.
    ///   - body: The body, as it is sent.
    package func header(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let content = Array("\(id).\(timestamp).".utf8) + body
        return keys.map { "v1," + Data(Self.code(of: content, key: $0)).base64EncodedString() }.joined(separator: " ")
    }

    /// HMAC-SHA256 (RFC 2104).
    static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        let block = 64
        var padded = key.count > block ? SHA256.digest(of: key) : key
        padded += [UInt8](repeating: 0, count: block - padded.count)
        return SHA256.digest(of: padded.map { $0 ^ 0x5C } + SHA256.digest(of: padded.map { $0 ^ 0x36 } + message))
    }

    /// Says nothing of the keys.
    package var description: String { "HookSignature" }

    /// Shows nothing of the keys.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
