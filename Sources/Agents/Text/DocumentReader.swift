internal import JSON

/// Reads typed members out of one object of a document and collects everything that is wrong with them.
///
/// All mistakes are reported at once, so a reader never stops at the first: a wrong member reads as nil and leaves a
/// problem behind. Readers of nested objects share their parent's list.
struct DocumentReader {
    /// The problems that a document's readers found.
    final class Problems {
        var list: [DocumentProblem] = []
    }

    /// The place of this object inside the document, such as `rules[0].call`; empty for the document itself.
    let path: String

    /// Everything found so far, in this object and its neighbours.
    let problems: Problems

    private let object: JSONObject

    /// Reads an object.
    ///
    /// - Returns: nil, with a problem left in `problems`, if the value is not an object.
    init?(_ value: JSONValue, path: String, problems: Problems) {
        self.path = path
        self.problems = problems
        guard case .object(let object) = value else {
            problems.list.append(DocumentProblem(path: path, message: "expected an object, found \(value.kind)"))
            return nil
        }
        self.object = object
    }

    /// Notes a problem with a member, or with the object itself.
    func refuse(_ key: String? = nil, _ message: String) {
        problems.list.append(DocumentProblem(path: key.map(path(of:)) ?? path, message: message))
    }

    /// The place of a member.
    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// A member as it is; nil if it is absent or null.
    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// Refuses members that are not among the known ones, each with the nearest known name.
    func refuseMembers(otherThan known: [String]) {
        for member in object where !known.contains(member.key) {
            let hint = nearestName(to: member.key, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            refuse(member.key, "unknown member\(hint)")
        }
    }
}

extension DocumentReader {
    /// A string member; empty counts as wrong.
    func string(_ key: String, maximumBytes: Int = 65_536) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.stringValue else {
            refuse(key, "expected a string, found \(value.kind)")
            return nil
        }
        guard !string.isEmpty, string.utf8.count <= maximumBytes else {
            refuse(key, "expected 1 to \(maximumBytes) bytes of text, found \(string.utf8.count)")
            return nil
        }
        return string
    }

    /// A string member that has to be there.
    func requiredString(_ key: String, maximumBytes: Int = 65_536) -> String? {
        guard value(key) != nil else {
            refuse(nil, "expected a member \"\(key)\"")
            return nil
        }
        return string(key, maximumBytes: maximumBytes)
    }

    /// An integer member within a range.
    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integerValue.flatMap(Int.init(exactly:)), range.contains(integer) else {
            refuse(key, "expected an integer from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return integer
    }

    /// A number member within a range.
    func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.numberValue, range.contains(number) else {
            refuse(key, "expected a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A boolean member.
    func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.boolValue else {
            refuse(key, "expected a boolean, found \(value.kind)")
            return nil
        }
        return boolean
    }

    /// A member that is a list of strings, none of them empty.
    func strings(_ key: String, maximumCount: Int = 1_000) -> [String]? {
        guard let value = value(key) else { return nil }
        guard let items = value.arrayValue, items.count <= maximumCount else {
            refuse(key, "expected a list of at most \(maximumCount) strings, found \(value.kind)")
            return nil
        }
        return items.enumerated().compactMap { index, item in
            if let string = item.stringValue, !string.isEmpty { return string }
            refuse("\(key)[\(index)]", "expected a string, found \(item.kind)")
            return nil
        }
    }

    /// A length of time, given in seconds, of at most a day.
    func seconds(_ key: String) -> Duration? {
        number(key, in: 0.001...86_400).map { .seconds($0) }
    }

    /// A reader of a member that is an object.
    func object(_ key: String) -> DocumentReader? {
        guard let value = value(key) else { return nil }
        return DocumentReader(value, path: path(of: key), problems: problems)
    }
}

extension JSONValue {
    /// What kind of value this is, in the words of JSON Schema.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
