extension PostgresServer {
    /// How to connect to a server.
    public struct Address: Sendable, Hashable {
        /// The directory with the socket; what libpq takes as the host.
        public let socketDirectory: String
        /// The number in the socket's name; the server does not listen on TCP.
        public let port: Int
        /// The login for daily work, which owns the database and is no superuser.
        ///
        /// A cluster of an earlier release has no such role until `agentctl init-db` has made it.
        public let user: String
        /// The superuser that the cluster was created with, for what nobody else may do: installing and repairing.
        public let superuser: String
        /// The database that the cluster was created with.
        public let database: String

        /// The URL of ``database`` for ``user``.
        public var connectionString: String { connectionString(database: database, user: user) }
        /// The URL of ``database`` for ``superuser``.
        public var superuserConnectionString: String { connectionString(database: database, user: superuser) }

        /// The login for daily work of every private server.
        public static let user = "agentctl_operator"
        static let superuser = "agentctl"
        static let database = "agentctl"

        init(socketDirectory: String) {
            self.socketDirectory = socketDirectory
            port = SocketDirectory.port
            user = Self.user
            superuser = Self.superuser
            database = Self.database
        }

        /// The URL of a database of this server, as libpq and psql take it.
        ///
        /// - Parameters:
        ///   - database: Its name.
        ///   - user: ``user``, ``superuser``, or a role of your own; the server asks for no password.
        public func connectionString(database: String, user: String) -> String {
            let host = Self.percentEncoded(socketDirectory)
            return
                "postgresql://\(Self.percentEncoded(user))@/\(Self.percentEncoded(database))?host=\(host)&port=\(port)"
        }

        private static func percentEncoded(_ text: String) -> String {
            let digits = Array("0123456789ABCDEF".utf8)
            var encoded: [UInt8] = []
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    encoded.append(byte)
                default:
                    encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
            return String(decoding: encoded, as: UTF8.self)
        }
    }
}
