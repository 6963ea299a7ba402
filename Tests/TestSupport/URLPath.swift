/// Where the package lies, from this file's own path.
public enum URLPath {
    /// The folder of Package.swift.
    public static let packageRoot = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
}

extension String {
    /// The same connection URL for another user.
    public func replacingUser(with name: String) -> String {
        contains("user=") ? replacing(#/user=[^&]*/#, with: "user=\(name)") : self + "&user=\(name)"
    }
}
