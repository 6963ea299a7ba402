package import JSON

/// What a server says about an error.
package struct ServerErrorReport: Sendable, Hashable {
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

extension ServerErrorReport {
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
/// `{"detail": …}`, `{"message"}`, `{"code", "msg"}`, and any of them as the first element of an array.
extension ServerErrorReport {
    /// The most characters of a code or type that are kept.
    private static let longestName = 100

    /// Members that hold a sentence about an error, the first that has one counts.
    private static let messageMembers = ["message", "msg", "detail", "error_message", "error_msg", "errors"]

    /// Members that hold a code.
    private static let codeMembers = ["code", "error_code"]

    /// Codes of what is no error.
    private static let successes: Set<String> = ["", "0", "200", "ok", "success"]

    /// Finds the report in a chunk of an answer; nil if the chunk reports no error.
    ///
    /// A chunk without a choice reports one in whatever it says besides: a message or a code.
    init?(chunk: JSONValue) {
        let chunk = chunk[0] ?? chunk
        guard case .object = chunk else { return nil }
        let choices = chunk["choices"]?.arrayValue
        if let error = chunk["error"], choices == nil ? !error.isNull : Self.isError(error) {
            self.init(error, beside: chunk)
        } else if chunk["object"] == "error" || (choices ?? []).isEmpty && Self.isReport(chunk) {
            self.init(fields: chunk)
        } else {
            return nil
        }
    }

    /// Finds the report in a choice, or in its delta or message; nil if there is none.
    ///
    /// A choice without a delta and a message reports one in whatever it says besides, as a chunk without choices does.
    init?(choice: JSONValue) {
        for place in [choice, choice["delta"] ?? .null, choice["message"] ?? .null] {
            guard let error = place["error"], Self.isError(error) else { continue }
            self.init(error, beside: place)
            return
        }
        guard choice["delta"]?.objectValue == nil, choice["message"]?.objectValue == nil, Self.isReport(choice) else {
            return nil
        }
        self.init(fields: choice)
    }

    /// Reads the data of an event that says by its name that it is an error; what is no report is the message.
    init(eventData data: String) {
        guard let value = try? JSONValue(foreign: data), value.saysSomething else {
            self.init(message: data.isEmpty ? nil : data)
            return
        }
        let body = value[0] ?? value
        self.init(body["error"] ?? .null, beside: body)
    }

    /// Reads the body of an answer whose status says that it is an error; a body that is no report says nothing.
    package init(body: String) {
        let value = (try? JSONValue(foreign: body)) ?? .null
        let body = value[0] ?? value
        self.init(body["error"] ?? .null, beside: body)
    }

    /// Reads what a member `error` says; one that says only that there is an error is explained by those beside it.
    private init(_ error: JSONValue, beside fields: JSONValue) {
        let explains = error.stringValue != nil || error.objectValue != nil
        self.init(fields: explains ? error : fields)
    }

    private init(fields: JSONValue) {
        let type = fields["type"]?.stringValue
        let code = Self.codeMembers.lazy.compactMap { fields[$0] }.first { $0.saysSomething }
        // Where the code is a number, a server may give its own name as the status.
        let name = code?.stringValue ?? (type == nil ? fields["status"]?.stringValue : nil)
        let number = code?.integerValue ?? fields["status"]?.integerValue
        self.init(
            message: Self.message(in: fields).map(SurrogateJoiner.joined),
            type: type.map { String($0.prefix(Self.longestName)) },
            code: name.map { String($0.prefix(Self.longestName)) },
            status: number.flatMap { (400...599).contains($0) ? Int($0) : nil }
        )
    }

    private static func message(in fields: JSONValue) -> String? {
        if let text = fields.stringValue { return text }
        let texts = messageMembers.compactMap { member -> String? in
            guard let value = fields[member] else { return nil }
            let first = value[0] ?? value
            return first.stringValue ?? first["msg"]?.stringValue ?? first["message"]?.stringValue
        }
        return texts.first { !$0.isEmpty } ?? texts.first
    }

    /// Whether a member `error` reports one: some servers always send it, empty or with the code of a success.
    private static func isError(_ error: JSONValue) -> Bool {
        guard error.saysSomething, error.integerValue != 0 else { return false }
        guard let members = error.objectValue else { return true }
        return members.contains { member in
            member.value.saysSomething && !(codeMembers.contains(member.key) && isSuccess(member.value))
        }
    }

    /// Whether what is no chunk reports an error: by a message or a code, and not by the code of a success.
    private static func isReport(_ fields: JSONValue) -> Bool {
        // A sign of life.
        if fields["type"]?.stringValue?.lowercased() == "ping" { return false }
        let codes = codeMembers.compactMap { fields[$0] }.filter { !$0.isNull }
        if codes.contains(where: isSuccess) { return false }
        return !codes.isEmpty || message(in: fields)?.isEmpty == false
    }

    private static func isSuccess(_ code: JSONValue) -> Bool {
        if let number = code.integerValue { return number == 0 || (200..<300).contains(number) }
        return successes.contains(code.stringValue?.lowercased() ?? "")
    }
}

extension JSONValue {
    /// Whether the value is more than a place that was left empty: null, false, "", [] or {}.
    fileprivate var saysSomething: Bool {
        switch self {
        case .null, .bool(false), .string(""): false
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        default: true
        }
    }
}
