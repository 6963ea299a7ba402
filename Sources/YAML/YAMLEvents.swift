internal import CLibyaml

/// One step of libyaml's parser.
enum YAMLEvent {
    case alias(String)
    case scalar(String, style: YAMLNode.ScalarStyle, Properties)
    case sequenceStart(isFlow: Bool, Properties)
    case mappingStart(isFlow: Bool, Properties)
    /// The end of the innermost sequence or mapping.
    case collectionEnd
    case documentStart
    case documentEnd
    case streamStart
    case streamEnd

    /// What may stand before a node's content.
    struct Properties {
        /// Empty when there is none.
        let tag: String
        let anchor: String?
    }
}

/// The events of a text in their order, parsed as they are asked for.
///
/// libyaml's parser points into itself and into the text, so that it has a place of its own, and lives only within
/// ``withEvents(of:_:)``.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>

    /// - Throws: What the body throws; ``YAMLError`` when there is no memory for a parser.
    static func withEvents(
        of text: String,
        _ body: (borrowing YAMLEvents) throws(YAMLError) -> Void
    ) throws(YAMLError) {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(YAMLError) in try body(YAMLEvents(bytes)) }
        }
        try result.get()
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        self.bytes = bytes
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { throw YAMLError(.syntax, "out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event and where it begins.
    ///
    /// - Throws: ``YAMLError`` with the code `syntax`. After that, and after `streamEnd`, there is no next event.
    func next() throws(YAMLError) -> (event: YAMLEvent, mark: YAMLMark) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw YAMLError(of: parser.pointee, reading: bytes) }
        defer { yaml_event_delete(&event) }
        return (YAMLEvent(event), YAMLMark(event.start_mark))
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        switch event.type {
        case YAML_ALIAS_EVENT: self = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            self = .scalar(text, style: .init(scalar.style), .init(tag: scalar.tag, anchor: scalar.anchor))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            let isFlow = start.style == YAML_FLOW_SEQUENCE_STYLE
            self = .sequenceStart(isFlow: isFlow, .init(tag: start.tag, anchor: start.anchor))
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            let isFlow = start.style == YAML_FLOW_MAPPING_STYLE
            self = .mappingStart(isFlow: isFlow, .init(tag: start.tag, anchor: start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: self = .collectionEnd
        case YAML_DOCUMENT_START_EVENT: self = .documentStart
        case YAML_DOCUMENT_END_EVENT: self = .documentEnd
        case YAML_STREAM_START_EVENT: self = .streamStart
        // Also YAML_NO_EVENT, which a parser returns after the end.
        default: self = .streamEnd
        }
    }

    fileprivate static func text(_ bytes: UnsafePointer<UInt8>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}

extension YAMLEvent.Properties {
    fileprivate init(tag: UnsafePointer<UInt8>?, anchor: UnsafePointer<UInt8>?) {
        self.init(tag: YAMLEvent.text(tag) ?? "", anchor: YAMLEvent.text(anchor))
    }
}

extension YAMLNode.ScalarStyle {
    fileprivate init(_ style: yaml_scalar_style_t) {
        self =
            switch style {
            case YAML_PLAIN_SCALAR_STYLE: .plain
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .any
            }
    }
}
