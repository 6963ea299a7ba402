import CLibpq
import Glibc

extension PostgresConfiguration {
    /// Reads a URL or a connection string of libpq's.
    ///
    /// What it leaves open is taken from the process's `PG…` variables and libpq's defaults when a connection is opened.
    ///
    /// - Parameter url: `postgresql://user:password@host:5432/database?sslmode=verify-full`, or
    ///   `host=/run/postgresql dbname=agents`. A URL may have the parameter `pgbouncer`, see ``isPooled``.
    /// - Throws: ``PostgresError/Code/invalidConfiguration`` if it is neither; the message does not quote it.
    public init(url: String) throws(PostgresError) {
        let (url, isPooled) = try Self.takePooler(from: url)
        parameters = try Self.options(of: url).compactMapValues(\.value)
        self.isPooled = isPooled
        if let seconds = parameters["connect_timeout"].flatMap({ Int($0) }), seconds > 0 {
            connectTimeout = .seconds(seconds)
        }
    }

    /// Reads `DATABASE_URL` and the variables of libpq's.
    ///
    /// For what `DATABASE_URL` leaves open `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD` and the others count.
    /// `DIRECT_URL` is the way past a pooler, see ``setDirect(url:)``.
    ///
    /// - Parameter environment: The variables.
    /// - Throws: ``PostgresError/Code/invalidConfiguration`` if `DATABASE_URL` or `DIRECT_URL` is no connection string.
    public init(environment: [String: String]) throws(PostgresError) {
        try self.init(url: environment["DATABASE_URL"] ?? "")
        if let direct = environment["DIRECT_URL"], !direct.isEmpty { try setDirect(url: direct) }
        for (keyword, option) in try Self.options(of: "") where parameters[keyword] == nil {
            guard let value = option.variable.flatMap({ environment[$0] }), !value.isEmpty else { continue }
            parameters[keyword] = value
        }
    }

    /// Names the way past a pooler, for connections that listen.
    ///
    /// - Parameter url: A URL or a connection string, as for ``init(url:)``.
    /// - Throws: ``PostgresError/Code/invalidConfiguration`` if it is neither.
    public mutating func setDirect(url: String) throws(PostgresError) {
        directParameters = try PostgresConfiguration(url: url).parameters
    }

    /// Takes the parameter `pgbouncer` out of a URL: libpq does not know it.
    private static func takePooler(from url: String) throws(PostgresError) -> (url: String, isPooled: Bool?) {
        guard url.hasPrefix("postgres"), url.contains("://"), let mark = url.firstIndex(of: "?") else {
            return (url, nil)
        }
        var isPooled: Bool?
        var kept: [Substring] = []
        for parameter in url[url.index(after: mark)...].split(separator: "&") {
            switch parameter {
            case "pgbouncer=true": isPooled = true
            case "pgbouncer=false": isPooled = false
            case _ where parameter.hasPrefix("pgbouncer="):
                throw PostgresError(.invalidConfiguration, "the parameter pgbouncer is true or false")
            default: kept.append(parameter)
            }
        }
        guard isPooled != nil else { return (url, nil) }
        return (kept.isEmpty ? String(url[..<mark]) : "\(url[...mark])\(kept.joined(separator: "&"))", isPooled)
    }

    /// The connection string, **with the password**: for passing on, never for showing.
    public var connectionString: String {
        parameters.sorted { $0.key < $1.key }.map { keyword, value in
            let escaped = value.flatMap { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }
            return "\(keyword)='\(String(escaped))'"
        }.joined(separator: " ")
    }

    /// What a connection is opened with: the parameters, and what this client needs or would have by default.
    var effectiveParameters: [String: String] {
        // A peer that vanished is noticed after a minute, not after the two hours of the kernel's default.
        let defaults = [
            "application_name": applicationName, "keepalives": "1", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "3",
        ]
        // The decoders read UTF-8 only.
        return parameters.merging(defaults) { given, _ in given }.merging(["client_encoding": "UTF8"]) { $1 }
    }

    /// Whether libpq has to look a host's name up, which blocks.
    var needsNameLookup: Bool {
        // An address makes the name one for certificates only.
        if parameters["hostaddr"]?.isEmpty == false { return false }
        // A service file may name any host.
        guard let hosts = parameters["host"], !hosts.isEmpty else { return true }
        return hosts.split(separator: ",").contains { host in
            !host.hasPrefix("/") && !host.hasPrefix("@") && !Self.isAddress(String(host))
        }
    }

    private static func isAddress(_ host: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    }

    /// The keywords that libpq knows, each with its value in `connectionString` and its environment variable.
    private static func options(
        of connectionString: String
    ) throws(PostgresError) -> [String: (value: String?, variable: String?)] {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(connectionString, &message)
        // Withheld: it may quote a piece of the password.
        PQfreemem(message)
        guard let options, !connectionString.utf8.contains(0) else {
            throw PostgresError(
                .invalidConfiguration,
                "the connection string is neither a postgresql:// URL nor a list of keyword=value"
            )
        }
        defer { PQconninfoFree(options) }
        var result: [String: (value: String?, variable: String?)] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            result[String(cString: keyword)] = (
                option.pointee.val.map { String(cString: $0) }, option.pointee.envvar.map { String(cString: $0) }
            )
            option += 1
        }
        return result
    }
}
