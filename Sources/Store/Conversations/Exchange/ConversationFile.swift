import Definitions
package import JSON
import JSONSchema

/// A conversation as a file: what `agentctl conversations export` writes and `import` reads.
///
/// A file that was made is of the right form: JSON without keys that are there twice, of a version that this release knows,
/// and as the schema in ``schemaText`` wants it. What its parts say of each other the database checks when it is stored.
package struct ConversationFile: Sendable {
    /// The most bytes that a file may have, unless the caller says otherwise: 64 MiB.
    package static let defaultLimit = 64 << 20
    /// The most bytes that a file may have at all: those of a `jsonb` value, about 256 MB.
    package static let maximumLimit = 255 << 20

    /// The document, byte for byte as it was read: numbers keep their digits.
    package let text: JSONText
    /// The id of the conversation.
    package let conversation: String

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: What is in the file.
    ///   - limit: The most bytes that it may have.
    /// - Throws: ``ConversationFileError`` with everything that is wrong.
    package init(parsing bytes: [UInt8], limit: Int = Self.defaultLimit) throws(ConversationFileError) {
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(
                parsing: bytes,
                options: JSONParserOptions(maximumBytes: min(limit, Self.maximumLimit))
            )
        } catch {
            throw ConversationFileError(error)
        }
        let problems = Self.problems(in: value, bytes: bytes.count)
        guard problems.isEmpty else { throw ConversationFileError(problems: problems, value: value) }
        text = JSONText(trusting: String(decoding: bytes, as: UTF8.self))
        conversation = value["conversation"]?["id"]?.stringValue ?? ""
    }

    /// The JSON Schema of such files.
    package static var schemaText: String {
        EmbeddedFile.all(in: "schemas").first { $0.name == "conversation.json" }?.text ?? ""
    }

    private static func problems(in value: JSONValue, bytes: Int) -> [DocumentProblem] {
        guard value["format"] == "agentctl.conversation" else {
            let advice = "expected \"agentctl.conversation\": this is no conversation that agentctl has written"
            return [DocumentProblem(path: "format", message: "\(found(value["format"])); \(advice)")]
        }
        guard value["version"] == 1 else {
            let advice = "this release reads version 1; import it with the release that wrote it, or a later one"
            return [DocumentProblem(path: "version", message: "\(found(value["version"])); \(advice)")]
        }
        let violations = schemaViolations(of: value, bytes: bytes)
        return violations.isEmpty ? UnstorableText.problems(in: value) : violations
    }

    private static func found(_ value: JSONValue?) -> String {
        value.map { "is \($0.text.prefix(64))" } ?? "is missing"
    }

    private static func schemaViolations(of value: JSONValue, bytes: Int) -> [DocumentProblem] {
        var limits = JSONSchemaLimits.default
        // No value takes less than two bytes, and none is looked at more than a handful of times.
        limits.maximumSteps = max(limits.maximumSteps, bytes * 8)
        do {
            let schema = try JSONSchema(try JSONValue(parsing: schemaText), limits: limits)
            return schema.validate(value, limit: 100).map { violation in
                DocumentProblem(path: DocumentPath.text(ofPointer: violation.instancePath), message: violation.message)
            }
        } catch {
            return [DocumentProblem(path: "", message: "the schema of conversations cannot be read: \(error)")]
        }
    }
}
