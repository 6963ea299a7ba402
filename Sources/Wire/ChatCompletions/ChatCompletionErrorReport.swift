package import JSON

/// What a server says about an error.
package struct ChatCompletionErrorReport: Sendable, Hashable {
    /// The server's message as it was sent: it may hold keys and prompts.
    package let message: String?

    /// The kind of error, such as `invalid_request_error`.
    package let type: String?

    /// The server's own code for the error, such as `context_length_exceeded`.
    package let code: String?

    /// The HTTP status that the report itself names, 400 to 599: inside a stream there is no other.
    package let status: Int?

    /// A report.
    ///
    /// - Parameters:
    ///   - message: What is wrong, for the client's developer.
    ///   - type: The kind of error.
    ///   - code: The code for the error.
    ///   - status: The HTTP status, 400 to 599; it is written only if there is no code.
    package init(message: String?, type: String? = nil, code: String? = nil, status: Int? = nil) {
        self.message = message
        self.type = type
        self.code = code
        self.status = status
    }

    /// The code, or the kind of error if there is no code.
    package var name: String? { code ?? type }
}

// MARK: - Writing

extension ChatCompletionErrorReport {
    /// The report as a server sends it: the body of an answer whose status says that it is an error, or the data of an
    /// event in a stream.
    package var json: JSONValue {
        var fields: JSONObject = [:]
        fields["message"] = .string(message ?? "")
        fields["type"] = type.map { .string($0) }
        fields["code"] = code.map { .string($0) } ?? status.map { .integer(Int64($0)) }
        return ["error": .object(fields)]
    }
}

// MARK: - Reading

/// Servers differ: `{"error": {"message", "type", "code"}}`, `{"error": "…"}`, `{"object": "error", "message"}`,
/// `{"detail": …}`, `{"message"}`, and any of them as the first element of an array.
extension ChatCompletionErrorReport {
    /// The most characters of a code or type that are kept.
    private static let longestName = 100

    /// Finds the report in a chunk of an answer; nil if the chunk reports no error.
    init?(chunk: JSONValue) {
        if let error = chunk["error"], !error.isNull {
            self.init(fields: error)
        } else if chunk["object"] == "error" {
            self.init(fields: chunk)
        } else {
            return nil
        }
    }

    /// Reads the body of an answer whose status says that it is an error; a body that is no report says nothing.
    package init(body: String) {
        let value = (try? JSONValue(foreign: body)) ?? .null
        let body = value[0] ?? value
        self.init(fields: body["error"] ?? body)
    }

    private init(fields: JSONValue) {
        let message =
            fields.stringValue ?? fields["message"]?.stringValue ?? fields["detail"]?.stringValue
            ?? fields["detail"]?[0]?["msg"]?.stringValue
        let type = fields["type"]?.stringValue
        // Where the code is a number, a server may give its own name as the status.
        let code = fields["code"]?.stringValue ?? (type == nil ? fields["status"]?.stringValue : nil)
        let number = fields["code"]?.integerValue ?? fields["status"]?.integerValue
        self.init(
            message: message,
            type: type.map { String($0.prefix(Self.longestName)) },
            code: code.map { String($0.prefix(Self.longestName)) },
            status: number.flatMap { (400...599).contains($0) ? Int($0) : nil }
        )
    }
}
