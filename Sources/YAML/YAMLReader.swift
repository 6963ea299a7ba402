/// Reads the documents of a YAML text into nodes.
package enum YAMLReader {
    /// How deep sequences and mappings may nest.
    package static let maximumDepth = 1_000

    /// Reads one document after the other.
    ///
    /// Anchors hold for the rest of the text, in later documents too. What aliases repeat takes no memory, but a caller
    /// that walks the nodes meets it again and again: ten lines can stand for 10^10 values, so that a caller counts.
    ///
    /// - Parameters:
    ///   - text: The text; it may hold no document at all.
    ///   - document: Receives the root of each document. It has been called for the documents before a mistake.
    /// - Throws: ``YAMLError`` at the first mistake. The rest of the text is not read.
    package static func read(_ text: String, _ document: (YAMLNode) -> Void) throws(YAMLError) {
        try YAMLEvents.withEvents(of: text) { events throws(YAMLError) in
            var composer = Composer()
            while true {
                switch try events.next().event {
                case .streamEnd: return
                case .documentStart: document(try composer.node(from: events, try events.next(), depth: 0))
                default: continue
                }
            }
        }
    }

    /// Makes nodes of events.
    private struct Composer {
        private var anchors: [String: YAMLNode] = [:]

        /// The node that begins with an event; takes all its events.
        mutating func node(
            from events: borrowing YAMLEvents,
            _ first: (event: YAMLEvent, mark: YAMLMark),
            depth: Int
        ) throws(YAMLError) -> YAMLNode {
            guard depth <= YAMLReader.maximumDepth else { throw YAMLError(.depth, "nests too deeply") }
            let content: YAMLNode.Content
            let properties: YAMLEvent.Properties
            switch first.event {
            case .alias(let name):
                guard let node = anchors[name] else {
                    throw YAMLError(.unknownAlias, "found undefined alias", at: first.mark)
                }
                return node
            case .scalar(let text, let style, let given):
                (content, properties) = (.scalar(text, style: style), given)
            case .sequenceStart(let isFlow, let given):
                (content, properties) = (.sequence(try items(from: events, depth), isFlow: isFlow), given)
            case .mappingStart(let isFlow, let given):
                (content, properties) = (.mapping(try entries(from: events, depth), isFlow: isFlow), given)
            case .collectionEnd, .documentStart, .documentEnd, .streamStart, .streamEnd:
                throw YAMLError(.syntax, "did not find expected node content", at: first.mark)
            }
            let node = YAMLNode(content, tag: properties.tag, mark: first.mark)
            if let anchor = properties.anchor { anchors[anchor] = node }
            return node
        }

        private mutating func items(
            from events: borrowing YAMLEvents,
            _ depth: Int
        ) throws(YAMLError) -> [YAMLNode] {
            var items: [YAMLNode] = []
            while true {
                let next = try events.next()
                if case .collectionEnd = next.event { return items }
                items.append(try node(from: events, next, depth: depth + 1))
            }
        }

        private mutating func entries(
            from events: borrowing YAMLEvents,
            _ depth: Int
        ) throws(YAMLError) -> [YAMLNode.Entry] {
            var entries: [YAMLNode.Entry] = []
            while true {
                let next = try events.next()
                if case .collectionEnd = next.event { break }
                let key = try node(from: events, next, depth: depth + 1)
                entries.append(YAMLNode.Entry(key: key, value: try node(from: events, events.next(), depth: depth + 1)))
            }
            try checkKeys(entries)
            return entries
        }

        /// Compares scalars only: keys that are collections of aliases to collections … would take for ever.
        private func checkKeys(_ entries: [YAMLNode.Entry]) throws(YAMLError) {
            var first: [String: YAMLMark?] = [:]
            var keys: [String] = []
            for case let (text?, mark) in entries.map({ ($0.key.scalar, $0.key.mark) }) {
                if first[text] == nil { first[text] = mark } else if !keys.contains(text) { keys.append(text) }
            }
            guard let key = keys.first else { return }
            throw YAMLError(.duplicateKeys, "has a key more than once", at: first[key] ?? nil, keys: keys)
        }
    }
}
