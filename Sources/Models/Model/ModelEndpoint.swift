import Definitions
internal import HTTPTypes
package import JSON

/// A server that several models share, as its row describes it.
package struct ModelEndpoint: Sendable, Hashable {
    /// A name with a value: a header, or a parameter of the address.
    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    /// The name that models refer to.
    package let name: String
    /// The URL before the provider's path.
    package let baseURL: String?
    /// The environment variable that holds the key; nil if none does.
    package let apiKeyEnvironmentVariable: String?
    /// The path of the file that holds the key; nil if none does.
    package let apiKeyFile: String?
    /// The header that the key is sent in, as it is; nil for that of the provider.
    package let apiKeyHeader: String?
    /// More headers of each request.
    package let headers: [Member]
    /// Headers whose values are in environment variables: the names of these.
    package let headerVariables: [Member]
    /// Parameters of each request's address.
    package let query: [Member]
    /// The most connections to it.
    package let connections: Int
    /// How long it may take to connect.
    package let connectTimeout: Duration

    private static let defaults = FieldDefaults(of: "endpoint")

    /// The connections of a model that names no endpoint.
    static let usualConnections = defaults.integer("connections")

    /// Reads an endpoint from its row's document.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - document: The document as `register` stored it.
    /// - Throws: ``ModelError/Code/configuration`` with every mistake and its place in the document.
    package init(name: String, document: JSONValue) throws(ModelError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "endpoint") else {
            throw ModelError(endpoint: name, problems: problems.list)
        }
        self.name = name
        baseURL = reader.requiredString("base_url")
        apiKeyEnvironmentVariable = reader.environmentVariable("api_key_env")
        apiKeyFile = reader.string("api_key_file")
        apiKeyHeader = reader.string("api_key_header")
        headers = Self.members("headers", in: reader)
        headerVariables = Self.members("header_env", in: reader)
        query = Self.members("query", in: reader)
        connections = reader.integer("connections") ?? Self.usualConnections
        connectTimeout = reader.seconds("connect_timeout") ?? Self.defaults.seconds("connect_timeout")
        for member in headers + headerVariables where HTTPField.Name(member.name) == nil {
            reader.refuse("headers.\(member.name)", "expected the name of a header")
        }
        if let apiKeyHeader, HTTPField.Name(apiKeyHeader) == nil {
            reader.refuse("api_key_header", "expected the name of a header")
        }
        guard problems.list.isEmpty else { throw ModelError(endpoint: name, problems: problems.list) }
    }

    /// The members of a map, in the order of their names: each request is the same.
    private static func members(_ key: String, in reader: DocumentReader) -> [Member] {
        guard let value = reader.value(key) else { return [] }
        guard let map = value.objectValue else {
            reader.refuse(key, "expected an object, found \(value.kind)")
            return []
        }
        var members: [Member] = []
        for member in map {
            if let text = member.value.stringValue {
                members.append(Member(name: member.key, value: text))
            } else {
                reader.refuse("\(key).\(member.key)", "expected a string, found \(member.value.kind)")
            }
        }
        return members.sorted { $0.name < $1.name }
    }
}

extension ModelError {
    /// An endpoint's document that cannot be used.
    fileprivate init(endpoint name: String, problems: [DocumentProblem]) {
        let list = problems.map(\.description).joined(separator: "; ")
        self.init(.configuration, "the endpoint \"\(name)\" cannot be used: \(list)", problems: problems)
    }
}

extension DocumentReader {
    /// A member that names an environment variable.
    func environmentVariable(_ key: String) -> String? {
        guard let name = string(key) else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
        // The value is not repeated: whoever makes this mistake has most likely written the key itself here.
        guard isName else {
            refuse(key, "expected the name of an environment variable (letters, digits, _)")
            return nil
        }
        return name
    }
}
