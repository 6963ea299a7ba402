internal import Definitions
internal import JSON

extension DocumentReader {
    /// Readers of the objects of a list; none if it is absent.
    func elements(_ key: String) -> [DocumentReader] {
        guard let value = value(key) else { return [] }
        guard let items = value.arrayValue else {
            refuse(key, "expected an array, found \(value.kind)")
            return []
        }
        return items.enumerated().compactMap { index, item in
            DocumentReader(item, path: "\(path(of: key))[\(index)]", problems: problems)
        }
    }

    /// A reader of a member that is an object and has to be there.
    func requiredObject(_ key: String) -> DocumentReader? {
        if value(key) == nil { refuse(nil, "expected a member \"\(key)\"") }
        return object(key)
    }

    /// Refuses a tool, or a call of one, that is no function; a type that is absent is one.
    func expectFunction() {
        guard let type = value("type"), type != "function" else { return }
        refuse("type", "expected \"function\"")
    }
}

extension UInt8 {
    /// Whether it may be part of a tool's name or a call's id.
    var isOfToolName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
