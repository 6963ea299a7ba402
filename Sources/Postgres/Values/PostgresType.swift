/// A type of the server's, by its number in `pg_type`.
///
/// Only built-in types have fixed numbers; a type that an extension or a schema defines is known by its number alone.
struct PostgresType: Hashable, Sendable, CustomStringConvertible {
    let number: UInt32

    static let bool = PostgresType(number: 16)
    static let bytea = PostgresType(number: 17)
    static let int8 = PostgresType(number: 20)
    static let int2 = PostgresType(number: 21)
    static let int4 = PostgresType(number: 23)
    static let text = PostgresType(number: 25)
    static let oid = PostgresType(number: 26)
    static let json = PostgresType(number: 114)
    static let float4 = PostgresType(number: 700)
    static let float8 = PostgresType(number: 701)
    static let bpchar = PostgresType(number: 1042)
    static let varchar = PostgresType(number: 1043)
    static let date = PostgresType(number: 1082)
    static let timestamp = PostgresType(number: 1114)
    static let timestamptz = PostgresType(number: 1184)
    static let numeric = PostgresType(number: 1700)
    static let uuid = PostgresType(number: 2950)
    static let jsonb = PostgresType(number: 3802)

    /// What the server shows for it.
    var description: String { Self.names[number] ?? "type number \(number)" }

    private static let names: [UInt32: String] = [
        16: "boolean", 17: "bytea", 18: "\"char\"", 19: "name", 20: "bigint", 21: "smallint", 23: "integer",
        25: "text", 26: "oid", 28: "xid", 114: "json", 142: "xml", 600: "point", 650: "cidr", 700: "real",
        701: "double precision", 705: "unknown", 790: "money", 829: "macaddr", 869: "inet", 1000: "boolean[]",
        1001: "bytea[]", 1005: "smallint[]", 1007: "integer[]", 1009: "text[]", 1015: "character varying[]",
        1016: "bigint[]", 1021: "real[]", 1022: "double precision[]", 1042: "character", 1043: "character varying",
        1082: "date", 1083: "time", 1114: "timestamp", 1115: "timestamp[]", 1184: "timestamptz", 1185: "timestamptz[]",
        1186: "interval", 1231: "numeric[]", 1266: "timetz", 1560: "bit", 1562: "bit varying", 1700: "numeric",
        2205: "regclass", 2249: "record", 2278: "void", 2950: "uuid", 2951: "uuid[]", 3220: "pg_lsn", 3614: "tsvector",
        3615: "tsquery", 3802: "jsonb", 3807: "jsonb[]", 5069: "xid8",
    ]
}
