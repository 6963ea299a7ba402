import Conversation
import Definitions
internal import HTTP
import HTTPTypes
internal import JSON

/// The request of a declarative API tool, with places for arguments.
///
/// Arguments are encoded for where they stand: a component of the path or the query, a JSON value, a form's field. They
/// never reach the scheme, the host or the port.
struct APIRequest: Sendable {
    /// A part of the request that is a template, or a secret.
    private enum Field: Sendable {
        case template(ParameterTemplate)
        case secret(name: String, prefix: String)
    }

    private enum Body: Sendable {
        case none
        case json(ValueTemplate)
        case form([(String, Field)])
    }

    /// The method.
    package let method: HTTPRequest.Method

    private let origin: WebAddress
    private let path: [ParameterTemplate]
    private let query: [(String, Field)]
    private let headers: [(String, Field)]
    private let body: Body
    private let defaults: JSONObject

    /// The rule that the host of the URL fits, and no other.
    package var host: HostRule? {
        do { return try HostRule("\(origin.writtenHost):\(origin.port)") } catch { return nil }
    }

    /// The URL without its path.
    var originURL: String { origin.origin }

    /// The names of the secrets that it needs.
    var secretNames: Set<String> {
        var fields = query + headers
        if case .form(let form) = body { fields += form }
        return Set(fields.compactMap { if case .secret(let name, _) = $0.1 { name } else { nil } })
    }

    /// Reads a request.
    ///
    /// - Returns: nil, with problems left with the reader, if the URL is not right.
    init?(
        _ reader: DocumentReader,
        headers configured: [(name: String, value: ConfiguredValue)],
        specification: ToolSpecification
    ) {
        let methods = HTTPRequestTool.methods
        let hasBody = reader.value("body") != nil || reader.value("form") != nil
        let named = reader.string("method", maximumBytes: 100) ?? (hasBody ? "POST" : "GET")
        if !methods.contains(named) { reader.refuse("method", "expected one of \(methods.joined(separator: ", "))") }
        method = HTTPRequest.Method(named) ?? .get
        if hasBody, HTTPMessage.safeMethods.contains(method) { reader.refuse("method", "\(method) has no body") }

        guard let url = reader.requiredString("url", maximumBytes: 8_192) else { return nil }
        let authority = url.prefix(8).contains("://") ? url.dropFirst(url.hasPrefix("https") ? 8 : 7) : ""
        let host = authority.prefix { !"/?#\\".contains($0) }
        let rest = authority[host.endIndex...]
        do throws(ToolError) {
            origin = try ToolError.reading { () throws(WebAddress.Malformed) in
                try WebAddress(String(url[..<host.endIndex]))
            }
            guard !rest.contains(where: { "?#\\".contains($0) }) else {
                throw ToolError(.configuration, "the query stands in query, and # and \\ in no URL")
            }
            var segments: [ParameterTemplate] = []
            for segment in rest.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
                segments.append(try ParameterTemplate(String(segment)))
            }
            path = segments
        } catch {
            reader.refuse("url", error.message)
            return nil
        }
        query = Self.fields("query", ConfiguredValue.members("query", of: reader), reader)
        headers = Self.fields("headers", configured, reader)
        body = Self.body(reader)
        defaults = Self.defaults(specification)
        refuseUnknownParameters(specification, reader)
    }

    private static func body(_ reader: DocumentReader) -> Body {
        if let value = reader.value("body") {
            if reader.value("form") != nil { reader.refuse("form", "a request has either a body or a form") }
            do throws(ToolError) { return .json(try ValueTemplate(value)) } catch {
                reader.refuse("body", error.message)
            }
        } else if reader.value("form") != nil {
            return .form(fields("form", ConfiguredValue.members("form", of: reader), reader))
        }
        return .none
    }

    private static func fields(
        _ key: String,
        _ values: [(name: String, value: ConfiguredValue)],
        _ reader: DocumentReader
    ) -> [(String, Field)] {
        values.compactMap { name, value in
            switch value {
            case .secret(let secret, let prefix): return (name, .secret(name: secret, prefix: prefix))
            case .text(let text):
                do throws(ToolError) {
                    return (name, .template(try ParameterTemplate(text)))
                } catch {
                    reader.refuse("\(key).\(name)", error.message)
                    return nil
                }
            }
        }
    }

    /// What absent arguments stand for, as the schema says.
    private static func defaults(_ specification: ToolSpecification) -> JSONObject {
        var defaults = JSONObject()
        for member in properties(of: specification) ?? [:] { defaults[member.key] = member.value["default"] }
        return defaults
    }

    private static func properties(of specification: ToolSpecification) -> JSONObject? {
        do { return try specification.inputSchema.value()["properties"]?.objectValue } catch { return nil }
    }

    private func refuseUnknownParameters(_ specification: ToolSpecification, _ reader: DocumentReader) {
        let known = Self.properties(of: specification)?.keys ?? []
        var used = path.flatMap(\.parameters)
        var fields = query + headers
        if case .form(let form) = body { fields += form }
        for case (_, .template(let template)) in fields { used += template.parameters }
        if case .json(let template) = body { used += template.parameters }
        for name in Set(used).subtracting(known).sorted() {
            let hint = nearestName(to: name, among: known).map { "; did you mean {\($0)}?" } ?? ""
            reader.refuse(nil, "{\(name)} is not among the properties of input_schema\(hint)")
        }
    }
}

extension APIRequest {
    /// The request with its arguments and secrets in their places.
    ///
    /// - Throws: ``ToolError/Code/invalidArguments`` for an argument that is missing, or would change the path.
    package func message(for given: JSONObject, secrets: [String: String]) throws(ToolError) -> HTTPMessage {
        var arguments = defaults
        for member in given { arguments[member.key] = member.value }
        var message = HTTPMessage(method: method, address: origin)
        message.holdsSecrets = !secrets.isEmpty
        var target = ""
        for segment in path { target += "/" + (try text(ofSegment: segment, arguments)) }
        let pairs = try Self.pairs(query, arguments, secrets)
        if !pairs.isEmpty { target += (target.isEmpty ? "/?" : "?") + pairs.joined(separator: "&") }
        message.address = origin.with(target: target.isEmpty ? "/" : target)
        for (name, field) in headers {
            guard let value = try Self.values(field, arguments, secrets).first else { continue }
            try message.add(name, value)
        }
        switch body {
        case .none: break
        case .json(let template): message.setJSON(try template.value(with: arguments) ?? .null)
        case .form(let fields):
            message.bodyHoldsSecrets = fields.contains { field in
                if case .secret = field.1 { true } else { false }
            }
            message.body = Array(try Self.pairs(fields, arguments, secrets).joined(separator: "&").utf8)
            message.setDefault(.contentType, "application/x-www-form-urlencoded")
        }
        return message
    }

    /// A component of the path; one that was made of arguments may not be empty, nor lead up.
    private func text(ofSegment segment: ParameterTemplate, _ arguments: JSONObject) throws(ToolError) -> String {
        let text = try segment.text(with: arguments, encode: PercentEncoding.component)
        guard segment.parameters.isEmpty || !["", ".", ".."].contains(text) else {
            throw ToolError(
                .invalidArguments,
                "The argument \"\(segment.parameters[0])\" may not be empty, . or .. here."
            )
        }
        return text
    }

    /// Names and values, each encoded as a component.
    private static func pairs(
        _ fields: [(String, Field)],
        _ arguments: JSONObject,
        _ secrets: [String: String]
    ) throws(ToolError) -> [String] {
        var pairs: [String] = []
        for (name, field) in fields {
            for value in try values(field, arguments, secrets) {
                pairs.append("\(PercentEncoding.component(name))=\(PercentEncoding.component(value))")
            }
        }
        return pairs
    }

    /// The values of a field: none if its only argument is missing, several if that is a list.
    private static func values(
        _ field: Field,
        _ arguments: JSONObject,
        _ secrets: [String: String]
    ) throws(ToolError) -> [String] {
        switch field {
        case .secret(let name, let prefix): return [prefix + (secrets[name] ?? "")]
        case .template(let template):
            guard let only = template.onlyParameter else { return [try template.text(with: arguments)] }
            guard let value = arguments[only], !value.isNull else { return [] }
            return (value.arrayValue ?? [value]).map { $0.stringValue ?? $0.text }
        }
    }
}
