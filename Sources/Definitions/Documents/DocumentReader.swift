package import JSON

/// Reads typed members out of one object of a document and collects everything that is wrong with them.
///
/// All mistakes are reported at once, so a reader never stops at the first: a wrong member reads as nil and leaves a
/// problem behind. Readers of nested objects share their parent's list.
package struct DocumentReader {
    /// The problems that a document's readers found.
    package final class Problems {
        package var list: [DocumentProblem] = []

        package init() {}
    }

    /// The place of this object inside the document, such as `rules[0].call`; empty for the document itself.
    package let path: String

    /// Everything found so far, in this object and its neighbours.
    package let problems: Problems

    private let object: JSONObject
    /// The kind of document; empty for an object whose fields are in no table, such as a tool's configuration.
    private let kind: String

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - value: The object.
    ///   - path: Its place inside the document.
    ///   - problems: Where problems are left.
    ///   - kind: The kind of document, whose table has the ranges of its members.
    /// - Returns: nil, with a problem left in `problems`, if the value is not an object.
    package init?(_ value: JSONValue, path: String, problems: Problems, kind: String = "") {
        self.path = path
        self.problems = problems
        self.kind = kind
        guard case .object(let object) = value else {
            problems.list.append(DocumentProblem(path: path, message: "expected an object, found \(value.kind)"))
            return nil
        }
        self.object = object
    }

    /// The object as it is.
    package var json: JSONValue { .object(object) }

    /// Notes a problem with a member, or with the object itself.
    package func refuse(_ key: String? = nil, _ message: String) {
        problems.list.append(DocumentProblem(path: key.map(path(of:)) ?? path, message: message))
    }

    /// The place of a member.
    package func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// A member as it is; nil if it is absent or null.
    package func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// Refuses members that are not among the known ones, each with the nearest known name.
    package func refuseMembers(otherThan known: [String]) {
        for member in object where !known.contains(member.key) {
            let hint = nearestName(to: member.key, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            refuse(member.key, "unknown member\(hint)")
        }
    }
}

// MARK: - Members with a row in the table

extension DocumentReader {
    /// A path as the table has it: `rules[].call` for the call of any rule.
    private static func place(_ path: String) -> String {
        var place = ""
        var isWithinIndex = false
        for character in path {
            if character == "]" { isWithinIndex = false }
            if !isWithinIndex { place.append(character) }
            if character == "[" { isWithinIndex = true }
        }
        return place
    }

    private func bounds(of key: String) -> (least: Double?, most: Double?) {
        let place = Self.place(path(of: key))
        let field = DocumentFields.all.field(kind, place)
        assert(field != nil, "documents \(kind) have no field \(place)")
        return (field?.minimum, field?.maximum)
    }

    private func range(of key: String) -> ClosedRange<Int> {
        let (least, most) = bounds(of: key)
        return (least.map { Int($0) } ?? 0)...(most.map { Int($0) } ?? .max)
    }

    /// Refuses members that the table does not have here, each with the nearest name that it has.
    package func refuseUnknownMembers() {
        refuseMembers(otherThan: DocumentFields.all.members(kind, of: Self.place(path)))
    }

    /// A string member of as many bytes as its field may have.
    package func string(_ key: String) -> String? {
        string(key, bytes: range(of: key))
    }

    /// The same, and it has to be there.
    package func requiredString(_ key: String) -> String? {
        guard isThere(key) else { return nil }
        return string(key)
    }

    /// An integer member within the range of its field.
    package func integer(_ key: String) -> Int? {
        integer(key, in: range(of: key))
    }

    /// A number member within the range of its field.
    package func number(_ key: String) -> Double? {
        let (least, most) = bounds(of: key)
        return number(key, in: (least ?? -.infinity)...(most ?? .infinity))
    }

    /// A length of time, given in seconds, within the range of its field.
    package func seconds(_ key: String) -> Duration? {
        number(key).map { Duration(boundedSeconds: $0) }
    }

    /// A member that is a list of as many strings as its field may have, none of them empty.
    package func strings(_ key: String) -> [String]? {
        strings(key, count: range(of: key))
    }

    /// A member that is one string, or a list of them.
    package func texts(_ key: String) -> [String]? {
        guard let value = value(key) else { return nil }
        let range = range(of: key)
        let isList = DocumentFields.all.field(kind, Self.place(path(of: key)))?.type == "array"
        guard value.stringValue != nil else {
            return strings(key, count: (isList ? range.lowerBound : 0)...range.upperBound)
        }
        return string(key, bytes: isList ? self.range(of: "\(key)[]") : range).map { [$0] }
    }

    /// Readers of the objects of a list of as many as its field may have.
    package func objects(_ key: String, called name: String) -> [DocumentReader] {
        guard let value = value(key) else { return [] }
        let range = range(of: key)
        guard let items = value.arrayValue, range.contains(items.count) else {
            let most = "\(range.upperBound) \(name)"
            refuse(
                key,
                range.lowerBound > 0
                    ? "expected an array of \(range.lowerBound) to \(most)"
                    : "expected a list of at most \(most), found \(value.kind)"
            )
            return []
        }
        return items.enumerated().compactMap { index, item in
            DocumentReader(item, path: "\(path(of: key))[\(index)]", problems: problems, kind: kind)
        }
    }
}

// MARK: - Members whose range is the caller's to say

extension DocumentReader {
    private func isThere(_ key: String) -> Bool {
        if value(key) != nil { return true }
        refuse(nil, "expected a member \"\(key)\"")
        return false
    }

    private func string(_ key: String, bytes: ClosedRange<Int>) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.stringValue else {
            refuse(key, "expected a string, found \(value.kind)")
            return nil
        }
        guard bytes.contains(string.utf8.count) else {
            refuse(
                key,
                "expected \(bytes.lowerBound) to \(bytes.upperBound) bytes of text, found \(string.utf8.count)"
            )
            return nil
        }
        return string
    }

    /// A string member; empty counts as wrong.
    package func string(_ key: String, maximumBytes: Int) -> String? {
        string(key, bytes: 1...maximumBytes)
    }

    /// A string member that has to be there.
    package func requiredString(_ key: String, maximumBytes: Int) -> String? {
        isThere(key) ? string(key, maximumBytes: maximumBytes) : nil
    }

    /// An integer member within a range.
    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integerValue.flatMap(Int.init(exactly:)), range.contains(integer) else {
            refuse(key, "expected an integer from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return integer
    }

    /// A number member within a range.
    package func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.numberValue, range.contains(number) else {
            refuse(key, "expected a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A boolean member.
    package func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.boolValue else {
            refuse(key, "expected a boolean, found \(value.kind)")
            return nil
        }
        return boolean
    }

    /// A member that is a list of strings, none of them empty.
    package func strings(_ key: String, maximumCount: Int) -> [String]? {
        strings(key, count: 0...maximumCount)
    }

    private func strings(_ key: String, count: ClosedRange<Int>) -> [String]? {
        guard let value = value(key) else { return nil }
        guard let items = value.arrayValue, count.contains(items.count) else {
            let least = count.lowerBound > 0 ? "\(count.lowerBound) to" : "at most"
            refuse(key, "expected a list of \(least) \(count.upperBound) strings, found \(value.kind)")
            return nil
        }
        return items.enumerated().compactMap { index, item in
            if let string = item.stringValue, !string.isEmpty { return string }
            refuse("\(key)[\(index)]", "expected a string, found \(item.kind)")
            return nil
        }
    }

    /// A reader of a member that is an object.
    package func object(_ key: String) -> DocumentReader? {
        guard let value = value(key) else { return nil }
        return DocumentReader(value, path: path(of: key), problems: problems, kind: kind)
    }
}

extension JSONValue {
    /// What kind of value this is, in the words of JSON Schema.
    package var kind: String {
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
