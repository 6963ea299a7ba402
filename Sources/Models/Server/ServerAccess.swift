import Definitions
internal import HTTP
internal import HTTPTypes

/// How a model's server is reached: its address, and the headers that each request has.
struct ServerAccess: Sendable {
    private enum Key: Sendable {
        case absent
        case text(String)
        case file(KeyFile)
    }

    /// The headers of a request, and what of them is secret.
    struct Headers: Sendable {
        var fields: [(name: String, value: String)]
        var secrets: [String]
    }

    private let address: String
    private let query: String
    private let key: Key
    private let keyHeader: (name: String, prefix: String)
    private let headers: [(name: String, value: String)]
    private let secrets: [String]

    /// How the server of a model is reached.
    ///
    /// - Parameters:
    ///   - model: The model's row.
    ///   - dialect: How it is spoken to.
    ///   - environment: Where the variables are looked up.
    ///   - problems: Where is left what is wrong with the row or the environment.
    init(
        _ model: Model,
        _ dialect: ModelServer.Dialect,
        environment: [String: String],
        problems: inout [DocumentProblem]
    ) {
        let endpoint = model.sharedEndpoint
        address = (model.baseURL ?? "").trimmingSlashes
        query = (endpoint?.query ?? []).map { parameter in
            "\(PercentEncoding.component(parameter.name))=\(PercentEncoding.component(parameter.value))"
        }.joined(separator: "&")
        if let message = Self.problem(withBaseURL: model.baseURL, before: dialect.path) {
            problems.append(DocumentProblem(path: "base_url", message: message))
        }
        if let header = endpoint?.apiKeyHeader {
            keyHeader = (header, header.lowercased() == "authorization" ? "Bearer " : "")
        } else {
            keyHeader = dialect.keyHeader
        }
        func value(of variable: String, at path: String) -> String? {
            let value = environment[variable]?.trimmingWhitespace
            guard let value, !value.isEmpty else {
                let what = path == "api_key_env" ? ", which holds the key," : ""
                let message = "the environment variable \(variable)\(what) is not set"
                problems.append(DocumentProblem(path: path, message: message))
                return nil
            }
            guard value.isHeaderWord || path != "api_key_env" && value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
            else {
                let message = "the environment variable \(variable) holds characters that no key has"
                problems.append(DocumentProblem(path: path, message: message))
                return nil
            }
            return value
        }
        if let variable = model.apiKeyEnvironmentVariable {
            key = value(of: variable, at: "api_key_env").map(Key.text) ?? .absent
        } else {
            key = endpoint?.apiKeyFile.map { .file(KeyFile($0)) } ?? .absent
        }
        let fixed = (endpoint?.headers ?? []).map { (name: $0.name, value: $0.value) }
        let secret = (endpoint?.headerVariables ?? []).compactMap { header in
            value(of: header.value, at: "header_env.\(header.name)").map { (name: header.name, value: $0) }
        }
        headers = dialect.headers + fixed + secret
        secrets = secret.map(\.value)
    }

    /// The address of something at the server.
    ///
    /// - Parameter path: What follows the base URL.
    func url(_ path: String) -> String { address + path + (query.isEmpty ? "" : "?\(query)") }

    /// The headers that each request has, with the key as it is now.
    ///
    /// - Throws: ``ModelError/Code/configuration`` when the file of the key cannot be used.
    func requestHeaders() throws(ModelError) -> Headers {
        let text: String
        switch key {
        case .absent: return Headers(fields: headers, secrets: secrets)
        case .text(let key): text = key
        case .file(let file): text = try file.key()
        }
        return Headers(
            fields: headers + [(name: keyHeader.name, value: keyHeader.prefix + text)],
            secrets: secrets + [text]
        )
    }

    private static func problem(withBaseURL url: String?, before path: String) -> String? {
        guard let url else { return "expected the URL before \(path), such as http://127.0.0.1:8080/v1" }
        do throws(WebAddress.Malformed) {
            _ = try WebAddress(url)
        } catch {
            return "expected a URL that begins with http:// or https://, without credentials: \(error.message)"
        }
        if url.contains("?") || url.contains("#") { return "expected no query in the URL" }
        return nil
    }
}

extension HTTPFields {
    /// Sets headers; what is no header is left out.
    mutating func set(_ fields: [(name: String, value: String)]) {
        for field in fields {
            if let name = HTTPField.Name(field.name) { self[name] = field.value }
        }
    }
}

extension String {
    fileprivate var trimmingSlashes: String {
        var result = self
        while result.hasSuffix("/") { result.removeLast() }
        return result
    }
}
