package import Conversation
import Definitions
internal import JSON

/// A value in a row: a text, or the name of a secret, with a text before it.
enum ConfiguredValue: Sendable, Hashable {
    /// The text as it stands, or as a template.
    case text(String)
    /// The secret of this name, after a prefix such as `Bearer `.
    case secret(name: String, prefix: String)

    /// Reads a value.
    ///
    /// - Parameters:
    ///   - value: A string, or `{secret: NAME, prefix: TEXT}`.
    ///   - path: Where it stands, for mistakes.
    ///   - problems: Where mistakes are left.
    init?(_ value: JSONValue, path: String, problems: DocumentReader.Problems) {
        if let text = value.stringValue {
            self = .text(text)
            return
        }
        guard let reader = DocumentReader(value, path: path, problems: problems) else { return nil }
        reader.refuseMembers(otherThan: ["secret", "prefix"])
        let prefix = reader.value("prefix") == .string("") ? "" : reader.string("prefix", maximumBytes: 100) ?? ""
        guard let name = reader.requiredString("secret", maximumBytes: 128) else { return nil }
        self = .secret(name: name, prefix: prefix)
    }

    /// The name of the secret, if it is one.
    var secretName: String? {
        if case .secret(let name, _) = self { name } else { nil }
    }

    /// Reads a member that is an object of such values.
    package static func members(_ key: String, of reader: DocumentReader) -> [(name: String, value: ConfiguredValue)] {
        guard let value = reader.value(key) else { return [] }
        guard let object = value.objectValue, object.count <= 64 else {
            reader.refuse(key, "expected an object of at most 64 members, found \(value.kind)")
            return []
        }
        return object.compactMap { member in
            ConfiguredValue(member.value, path: reader.path(of: "\(key).\(member.key)"), problems: reader.problems)
                .map { (member.key, $0) }
        }
    }
}

extension ToolContext {
    /// The value of a secret that a row names.
    ///
    /// - Throws: ``ToolError/Code/failed`` if it is not set; the model can do nothing about it but say so.
    package func secret(named name: String) throws(ToolError) -> String {
        if let value = services.secrets.value(named: name) { return value }
        throw ToolError(.failed, "This tool is not set up: the variable \(name) is not set where it runs.")
    }
}
