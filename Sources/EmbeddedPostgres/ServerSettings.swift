/// The server's configuration: defaults for one machine, the caller's settings, and what keeps the server private.
struct ServerSettings: Sendable, Hashable {
    /// By name, as in the file.
    let values: [String: String]

    /// What an embedded server runs with unless the caller says otherwise.
    ///
    /// Everything that keeps committed work over a crash is on. Shared memory is System V's: that of POSIX is small in
    /// containers, and systemd deletes it when the user logs out, which the server outlives.
    static let defaults: [String: String] = [
        "cluster_name": "agentctl",
        "dynamic_shared_memory_type": "sysv",
        "fsync": "on",
        "full_page_writes": "on",
        "jit": "off",
        "log_filename": "postgres-%Y%m%d-%H%M%S.log",
        "log_line_prefix": "%m [%p] %q%u@%d %a ",
        "log_rotation_age": "0",
        "log_rotation_size": "10MB",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "max_connections": "100",
        "random_page_cost": "1.1",
        // Not "$user": the tables of a person would land in a schema of the user's name, should there be one.
        "search_path": "public",
        "shared_buffers": "128MB",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "work_mem": "8MB",
    ]

    /// - Parameter changes: The caller's settings; they go before ``defaults`` but not before privacy: no TCP, one socket.
    /// - Throws: ``PostgresServerError/Code/invalidSetting``.
    init(
        changes: [String: String],
        socketDirectory: String,
        layout: ServerLayout
    ) throws(PostgresServerError) {
        for (name, value) in changes {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNamePart), !value.utf8.contains(where: { $0 < 0x20 })
            else {
                throw PostgresServerError(.invalidSetting, "'\(name)' is not a PostgreSQL setting on one line")
            }
        }
        let fixed = [
            "listen_addresses": "",
            "log_directory": layout.logs,
            "port": "\(SocketDirectory.port)",
            // A list: in double quotes a comma is a comma.
            "unix_socket_directories": "\"\(Self.doubling("\"", in: socketDirectory))\"",
            "unix_socket_permissions": "0700",
        ]
        values = Self.defaults.merging(changes) { $1 }.merging(fixed) { $1 }
    }

    /// The text of a configuration file.
    var text: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key) = '\(Self.escaped($0.value))'\n" }.joined()
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func escaped(_ value: String) -> String {
        doubling("'", in: doubling("\\", in: value))
    }

    private static func doubling(_ character: Character, in text: String) -> String {
        String(text.flatMap { $0 == character ? [$0, $0] : [$0] })
    }
}
