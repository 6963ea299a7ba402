internal import Glibc

/// One name in a directory, and what it stands for.
package struct DirectoryEntry: Sendable, Hashable {
    /// What a name can stand for.
    package enum Kind: String, Sendable, Hashable {
        case file
        case directory
        case link
        case other
    }

    /// The name; nil if it is not UTF-8 and so cannot be asked for.
    package let name: String?

    /// The name as it is shown.
    let shownName: String

    package let kind: Kind

    /// The size of a file in bytes; nothing for the others.
    package let size: Int64

    /// An entry as the kernel describes it.
    init(name bytes: [UInt8], mode: mode_t, size: Int64) {
        name = String(validating: bytes, as: UTF8.self)
        shownName = Self.printable(String(decoding: bytes, as: UTF8.self))
        switch mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        self.size = kind == .file ? size : 0
    }

    /// A name without line breaks and other control characters, which could pass for other entries.
    package static func printable(_ name: String) -> String {
        guard name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return name }
        return name.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
