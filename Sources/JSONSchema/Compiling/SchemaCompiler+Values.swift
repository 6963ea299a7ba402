import JSON

/// Values of keywords, with a problem reported when they have the wrong type.
extension SchemaCompiler {
    mutating func string(_ keyword: String, at site: Site) -> String? {
        guard let value = site.object[keyword] else { return nil }
        return expect(value.stringValue, "a string", value, at: site.location.appending(keyword))
    }

    mutating func boolean(_ keyword: String, at site: Site) -> Bool? {
        guard let value = site.object[keyword] else { return nil }
        return expect(value.boolValue, "a boolean", value, at: site.location.appending(keyword))
    }

    mutating func number(_ keyword: String, at site: Site) -> JSONValue? {
        guard let value = site.object[keyword] else { return nil }
        let number = value.numberValue.map { _ in value }
        return expect(number, "a number", value, at: site.location.appending(keyword))
    }

    /// A whole number from zero up; `2.0` is one too.
    mutating func count(_ keyword: String, at site: Site) -> Int? {
        guard let value = site.object[keyword] else { return nil }
        let count: Int? =
            switch value {
            case .integer(let integer) where integer >= 0: Int(integer)
            // Beyond the integers every count is as good as endless.
            case .number(let number) where number >= 0 && number.rounded() == number: Int(exactly: number) ?? .max
            default: nil
            }
        return expect(count, "a whole number from 0 up", value, at: site.location.appending(keyword))
    }

    mutating func array(_ keyword: String, at site: Site) -> [JSONValue]? {
        guard let value = site.object[keyword] else { return nil }
        return expect(value.arrayValue, "an array", value, at: site.location.appending(keyword))
    }

    mutating func object(_ keyword: String, at site: Site) -> JSONObject? {
        guard let value = site.object[keyword] else { return nil }
        return expect(value.objectValue, "an object", value, at: site.location.appending(keyword))
    }

    /// A list of keys.
    mutating func names(_ value: JSONValue?, at location: SchemaLocation) -> [String] {
        guard let value else { return [] }
        guard let items = expect(value.arrayValue, "an array of strings", value, at: location) else { return [] }
        var names: [String] = []
        for (index, item) in items.enumerated() {
            if let name = expect(item.stringValue, "a string", item, at: location.appending(index)) {
                names.append(name)
            }
        }
        return names
    }

    mutating func schema(_ keyword: String, at site: Site) -> SchemaNode.ID? {
        guard let value = site.object[keyword] else { return nil }
        return compile(value, in: site.resource, at: site.location.appending(keyword))
    }

    mutating func schemas(_ keyword: String, at site: Site) -> [SchemaNode.ID] {
        guard let items = array(keyword, at: site) else { return [] }
        let location = site.location.appending(keyword)
        if items.isEmpty { report("expected at least one schema, found an empty array", at: location) }
        var schemas: [SchemaNode.ID] = []
        for (index, item) in items.enumerated() {
            schemas.append(compile(item, in: site.resource, at: location.appending(index)))
        }
        return schemas
    }

    mutating func schemaMap(_ keyword: String, at site: Site) -> [(key: String, schema: SchemaNode.ID)] {
        let location = site.location.appending(keyword)
        var schemas: [(key: String, schema: SchemaNode.ID)] = []
        for member in object(keyword, at: site) ?? [:] {
            schemas.append((member.key, compile(member.value, in: site.resource, at: location.appending(member.key))))
        }
        return schemas
    }

    private mutating func expect<T>(
        _ read: T?,
        _ expected: String,
        _ found: JSONValue,
        at location: SchemaLocation
    ) -> T? {
        if read == nil { report("expected \(expected), found \(found.summary)", at: location) }
        return read
    }
}
