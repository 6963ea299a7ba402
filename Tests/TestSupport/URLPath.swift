/// Where the package lies, from this file's own path.
public enum URLPath {
    /// The folder of Package.swift.
    public static let packageRoot = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
}
