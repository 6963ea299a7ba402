import Conversation
import Definitions
internal import HTTP
import HTTPTypes
internal import JSON

internal import struct FoundationEssentials.UUID

/// Sends HTTP requests to the hosts that its row allows.
struct HTTPRequestTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "http_request",
        description:
            "Sends an HTTP request to one of the hosts that are allowed, and answers with status, headers and body.",
        effect: .unsafe,
        parameters: [
            .required("url", .string(maximumLength: 8_192), "The URL, http or https."),
            .optional("method", .choice(methods), "The method.", default: "GET"),
            .optional("headers", .texts(maximumCount: 50), "Header fields to send."),
            .optional("body", .string(maximumLength: ToolRouter.maximumArgumentBytes), "The body as text."),
            .optional("json", .any, "The body as JSON, instead of body."),
        ],
        configurationMembers: HTTPSettings.members + ["allowed_hosts", "methods"],
        make: { settings, configuration in HTTPRequestTool(settings, configuration) }
    )

    package static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    package let settings: ToolSettings
    private let http: HTTPSettings
    private let hosts: [HostRule]
    private let allowedMethods: [String]

    private init(_ settings: ToolSettings, _ reader: DocumentReader) {
        self.settings = settings
        http = HTTPSettings(reader)
        hosts = reader.hosts("allowed_hosts")
        allowedMethods = reader.strings("methods", maximumCount: 100) ?? ["GET", "HEAD", "POST"]
        for method in allowedMethods where !Self.methods.contains(method) {
            reader.refuse(
                "methods",
                "expected methods among \(Self.methods.joined(separator: ", ")), found \"\(method)\""
            )
        }
        if hosts.contains(where: \.isAny), http.headers.contains(where: { $0.value.secretName != nil }) {
            reader.refuse("headers", "a secret is not sent to every host: name the hosts in allowed_hosts")
        }
    }

    /// What only asks may be asked again; anything else may have done something.
    package var effect: ToolEffect {
        settings.statedEffect
            ?? (HTTPMessage.safeMethods.isSuperset(of: allowedMethods.compactMap { HTTPRequest.Method($0) })
                ? .idempotent : .unsafe)
    }

    var asksBeforeEffects: Bool { true }

    var truncationHint: String { "Ask for less: a page, a range, or fewer fields." }

    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts()
        guard let url = arguments["url"]?.stringValue else { return facts }
        facts.urls = [url]
        facts.subject = .request(method: arguments["method"]?.stringValue ?? "GET", url: url)
        return facts
    }

    package func check(_ arguments: JSONValue, in context: ToolContext?) throws(ToolError) {
        let address = try ToolError.reading { () throws(WebAddress.Malformed) in
            try WebAddress(arguments["url"]?.stringValue ?? "")
        }
        try HTTPPolicy(hosts: hosts, allowsPrivate: http.allowsPrivate)
            .check(address, tool: specification.name, in: context)
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        var secrets: [String] = []
        for case (_, .secret(let name, _)) in http.headers { secrets.append(try context.secret(named: name)) }
        let mask = SecretMask(secrets)
        do throws(ToolError) {
            let message = try message(for: arguments, in: context)
            let courier = HTTPCourier(
                tool: specification.name,
                policy: HTTPPolicy(hosts: hosts, allowsPrivate: http.allowsPrivate),
                maximumBodyBytes: http.maximumBytes,
                timeout: limits.timeout
            )
            return output(of: try await courier.send(message, in: context), mask)
        } catch {
            throw mask.mask(error)
        }
    }

    private func message(for arguments: JSONValue, in context: ToolContext) throws(ToolError) -> HTTPMessage {
        var message = HTTPMessage(
            address: try ToolError.reading { () throws(WebAddress.Malformed) in
                try WebAddress(arguments["url"]?.stringValue ?? "")
            }
        )
        let method = arguments["method"]?.stringValue ?? "GET"
        guard allowedMethods.contains(method), let method = HTTPRequest.Method(method) else {
            let list = allowedMethods.joined(separator: ", ")
            throw ToolError(.denied, "This tool may not send \(method), only: \(list).")
        }
        message.method = method
        for member in arguments["headers"]?.objectValue ?? [:] {
            let isOfRow = http.headers.contains { $0.name.lowercased() == member.key.lowercased() }
            guard !HTTPSettings.isReserved(member.key), !isOfRow else {
                throw ToolError(
                    .denied,
                    "The header \(member.key.prefix(utf8: 100)) is not yours to set; leave it out."
                )
            }
            try message.add(member.key, member.value.stringValue ?? "")
        }
        if let json = arguments["json"] {
            guard arguments["body"] == nil else {
                throw ToolError(.invalidArguments, "Give either \"body\" or \"json\", not both.")
            }
            message.setJSON(json)
        } else if let body = arguments["body"]?.stringValue {
            message.body = Array(body.utf8)
            message.setDefault(.contentType, "text/plain; charset=utf-8")
        }
        if message.body != nil, HTTPMessage.safeMethods.contains(message.method) {
            throw ToolError(.invalidArguments, "A \(message.method) request has no body here.")
        }
        for (name, value) in http.headers { try message.add(name, value, in: context) }
        message.addUsualHeaders(in: context)
        return message
    }

    private func output(of answer: HTTPAnswer, _ mask: SecretMask) -> ToolOutput {
        let shown = answer.headers.filter { field in
            http.responseHeaders.contains { $0.lowercased() == field.name.canonicalName }
        }.prefix(100)
        let lines = shown.map { "\($0.name.canonicalName): \($0.value.prefix(utf8: 1_000))" }
        let head = (["HTTP \(answer.status)"] + lines).joined(separator: "\n")
        let members = shown.map { ($0.name.canonicalName, JSONValue.string($0.value)) }
        let value: JSONValue = [
            "status": .integer(Int64(answer.status)), "url": .string(answer.address.shown),
            "headers": .object(JSONObject(members)), "body": answer.json ?? answer.text.map { .string($0) } ?? .null,
        ]
        return ToolOutput(
            mask.mask("\(head)\n\n\(answer.shownBody)"),
            truncated: answer.isCut,
            value: mask.mask(value)
        )
    }
}

extension HTTPMessage {
    /// Makes a value the body.
    mutating func setJSON(_ value: JSONValue) {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        body = bytes
        setDefault(.contentType, "application/json")
    }

    /// Adds a header field of the row.
    package mutating func add(_ name: String, _ value: ConfiguredValue, in context: ToolContext) throws(ToolError) {
        switch value {
        case .text(let text): try add(name, text)
        case .secret(let secret, let prefix):
            try add(name, prefix + (try context.secret(named: secret)))
            holdsSecrets = true
        }
    }

    /// Adds who asks, and for what may not happen twice a key by which the server can tell a repetition.
    mutating func addUsualHeaders(in context: ToolContext) {
        setDefault(.userAgent, "agentctl/\(Release.current)")
        guard let key = context.idempotencyKey, let name = HTTPField.Name("Idempotency-Key") else { return }
        setDefault(name, key.uuidString.lowercased())
    }
}
