import JSON

extension SchemaCompiler {
    /// Reads a document and all its subschemas.
    ///
    /// - Parameter uri: Where the document comes from; empty for the schema that was given.
    mutating func addDocument(_ value: JSONValue, uri: String) -> SchemaNode.ID {
        let location = SchemaLocation(document: uri, pointer: "")
        guard count(value, depth: 0) else {
            reportTooLarge("the schema has more than \(limits.maximumValues) values or nests too deeply", at: location)
            return 0
        }
        // A document goes by where it comes from and by what it calls itself.
        let number = resources.count
        let own = value["$id"].flatMap { identifier($0, base: uri, at: location) }
        addResource(uri: own ?? uri, value: value, vocabulary: .all, at: location)
        resourcesByURI[uri] = number
        return compile(value, in: number, at: location)
    }

    /// The document with a URI, if there is one.
    func document(_ uri: String) -> JSONValue? {
        available[uri] ?? available[uri + "#"] ?? Metaschema.documents[uri]
    }

    /// The resource that a schema object belongs to: a new one when it has an identifier.
    mutating func resource(of object: JSONObject, in outer: Int, at location: SchemaLocation) -> Int {
        if resources[outer].location == location { return outer }
        guard let id = object["$id"], let uri = identifier(id, base: resources[outer].uri, at: location) else {
            return outer
        }
        let number = resources.count
        let vocabulary = resources[outer].vocabulary
        addResource(uri: uri, value: .object(object), vocabulary: vocabulary, at: location)
        return number
    }

    private mutating func addResource(
        uri: String,
        value: JSONValue,
        vocabulary: SchemaVocabulary,
        at location: SchemaLocation
    ) {
        if let other = resourcesByURI[uri], resources[other].location != location {
            report("the identifier \(uri) is used twice", at: location.appending("$id"))
        }
        resourcesByURI[uri] = resources.count
        let vocabulary = self.vocabulary(of: value, at: location) ?? vocabulary
        resources.append(Resource(uri: uri, location: location, value: value, vocabulary: vocabulary))
    }

    /// The absolute form of an `$id`.
    private mutating func identifier(_ id: JSONValue, base: String, at location: SchemaLocation) -> String? {
        guard let text = id.stringValue else {
            report("expected a string, found \(id.summary)", at: location.appending("$id"))
            return nil
        }
        guard isShortEnough(text, at: location.appending("$id")) else { return nil }
        let reference = URIReference(text)
        guard reference.fragment?.isEmpty ?? true else {
            report("an identifier has no fragment; use $anchor", at: location.appending("$id"))
            return nil
        }
        return reference.resolved(against: URIReference(base)).withoutFragment
    }

    /// Checks the length of an identifier or reference, of which every subschema may make a longer one.
    mutating func isShortEnough(_ uri: String, at location: SchemaLocation) -> Bool {
        guard uri.utf8.count > limits.maximumPathBytes else { return true }
        reportTooLarge("the URI is longer than \(limits.maximumPathBytes) bytes", at: location)
        return false
    }

    /// The vocabularies that the `$schema` of a resource asks for, or `nil` when it has none.
    private mutating func vocabulary(of value: JSONValue, at location: SchemaLocation) -> SchemaVocabulary? {
        guard let schema = value["$schema"] else { return nil }
        let location = location.appending("$schema")
        guard let text = schema.stringValue else {
            report("expected a string, found \(schema.summary)", at: location)
            return nil
        }
        let uri = URIReference(text).withoutFragment
        if Metaschema.isReadAsCurrent(uri) { return .all }
        guard let metaschema = document(uri) else {
            report("the metaschema \(uri) is not known", at: location)
            return nil
        }
        guard let members = metaschema["$vocabulary"]?.objectValue else { return .all }
        var vocabulary = SchemaVocabulary.core
        for member in members {
            if let known = SchemaVocabulary.named(member.key) {
                vocabulary.formUnion(known)
            } else if member.value == true {
                report("the vocabulary \(member.key) is not supported", at: location)
            }
        }
        return vocabulary
    }

    /// Counts the values of a document.
    ///
    /// - Returns: Whether all documents together stay within the limit.
    private mutating func count(_ value: JSONValue, depth: Int) -> Bool {
        valueCount += 1
        guard valueCount <= limits.maximumValues, depth <= JSONParser.depthLimit else { return false }
        switch value {
        case .array(let items):
            for item in items where !count(item, depth: depth + 1) { return false }
        case .object(let object):
            for member in object where !count(member.value, depth: depth + 1) { return false }
        default: break
        }
        return true
    }
}
