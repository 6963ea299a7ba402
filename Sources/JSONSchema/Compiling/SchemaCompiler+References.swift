import JSON

extension SchemaCompiler {
    /// Puts a reference on the queue.
    ///
    /// - Returns: Its number.
    mutating func addReference(_ text: String, at site: Site, keyword: String) -> Int {
        let text = isShortEnough(text, at: site.location.appending(keyword)) ? text : ""
        let target = URIReference(text).resolved(against: URIReference(resources[site.resource].uri))
        references.append(PendingReference(target: target, location: site.location.appending(keyword)))
        return references.count - 1
    }

    /// Finds what each reference leads to; documents that are read on the way add more.
    mutating func resolveReferences() {
        while targets.count < references.count {
            let reference = references[targets.count]
            // With a problem the program is never made, so any number will do.
            targets.append(resolve(reference) ?? 0)
        }
    }

    private mutating func resolve(_ reference: PendingReference) -> SchemaNode.ID? {
        let uri = reference.target.withoutFragment
        guard let resource = resource(at: uri) else {
            report("the reference leads to \(uri.shortened(to: 120)), which is not known", at: reference.location)
            return nil
        }
        let fragment = reference.target.decodedFragment
        let found: SchemaNode.ID?
        if fragment.isEmpty {
            found = nodesByLocation[resources[resource].location]
        } else if fragment.hasPrefix("/") {
            found = node(at: JSONPointer.tokens(of: fragment), from: resource)
        } else {
            found = resources[resource].anchors[fragment]
        }
        if found == nil {
            report("the reference leads to #\(fragment.shortened(to: 120)), which is not there", at: reference.location)
        }
        return found
    }

    private mutating func resource(at uri: String) -> Int? {
        if let resource = resourcesByURI[uri] { return resource }
        guard let document = document(uri) else { return nil }
        _ = addDocument(document, uri: uri)
        return resourcesByURI[uri]
    }

    /// The subschema that a pointer leads to, which is compiled now if it stands where no keyword expects one.
    private mutating func node(at tokens: [String], from start: Int) -> SchemaNode.ID? {
        let root = resources[start].location
        let pointers = tokens.map { "/" + JSONPointer.escape($0) }
        let location = SchemaLocation(document: root.document, pointer: root.pointer + pointers.joined())
        if let known = nodesByLocation[location] { return known }
        var resource = start
        var pointer = root.pointer
        var value = resources[start].value
        for (token, escaped) in zip(tokens, pointers) {
            guard let next = value.child(at: token) else { return nil }
            value = next
            pointer += escaped
            // Below another identifier, references have another base.
            guard value["$id"] != nil else { continue }
            let place = SchemaLocation(document: root.document, pointer: pointer)
            if let id = nodesByLocation[place], let node = nodes[id] { resource = node.resource }
        }
        return compile(value, in: resource, at: location)
    }

    /// Reports references that lead back to where they are without going into the value.
    ///
    /// Only `$ref` and `allOf` are followed: what they lead to is applied in any case.
    mutating func findEndlessReferences() {
        guard problems.isEmpty else { return }
        enum Mark { case unseen, open, done }
        var marks = [Mark](repeating: .unseen, count: nodes.count)
        for start in nodes.indices where marks[start] == .unseen {
            var path: [(id: SchemaNode.ID, next: [SchemaNode.ID])] = [(start, unconditional(from: start))]
            marks[start] = .open
            while let last = path.last {
                guard let next = last.next.last else {
                    marks[last.id] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next.removeLast()
                switch marks[next] {
                case .done: break
                case .unseen:
                    marks[next] = .open
                    path.append((next, unconditional(from: next)))
                case .open:
                    guard let node = nodes[last.id] else { break }
                    report("the reference leads back to itself without end", at: node.location)
                }
            }
        }
    }

    private func unconditional(from id: SchemaNode.ID) -> [SchemaNode.ID] {
        guard let logic = nodes[id]?.logic else { return [] }
        return logic.allOf + (logic.reference.map { [targets[$0]] } ?? [])
    }
}
