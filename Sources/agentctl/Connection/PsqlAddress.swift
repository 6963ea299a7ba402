import Postgres

/// A connection string in two parts, so that the password need not be shown.
struct PsqlAddress: Hashable {
    /// Everything but the password.
    let connectionString: String
    /// The password, if there is one.
    let password: String?

    /// Takes a connection string apart that is written as `keyword='value' …`.
    init(_ connectionString: String) {
        var kept: [String] = []
        var password: String?
        var rest = connectionString[...]
        while let equals = rest.firstIndex(of: "=") {
            let keyword = rest[..<equals].drop { $0 == " " }
            var value = ""
            var index = rest.index(equals, offsetBy: 2, limitedBy: rest.endIndex) ?? rest.endIndex
            while index < rest.endIndex, rest[index] != "'" {
                if rest[index] == "\\" { index = rest.index(after: index) }
                guard index < rest.endIndex else { break }
                value.append(rest[index])
                index = rest.index(after: index)
            }
            let end = index < rest.endIndex ? rest.index(after: index) : index
            if keyword == "password" {
                password = value
            } else {
                kept.append(String(rest[keyword.startIndex..<end]))
            }
            rest = rest[end...]
        }
        self.connectionString = kept.joined(separator: " ")
        self.password = password
    }

    /// A connection string without its password; as it is where it has none, and nil where it cannot be read: nobody
    /// knows then where a password is in it.
    static func withoutPassword(_ url: String) -> String? {
        guard let configuration = try? PostgresConfiguration(url: url) else { return nil }
        let address = PsqlAddress(configuration.connectionString)
        return address.password == nil ? url : address.connectionString
    }
}
