internal import CLibyaml

/// Writes nodes as YAML text.
package struct YAMLWriter: ~Copyable {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output: UnsafeMutablePointer<[UInt8]>

    /// The text of a document without `---`, ended by a line feed.
    ///
    /// - Parameters:
    ///   - node: The root. Tags are not written.
    ///   - width: After how many columns plain and quoted text is continued on the next line.
    /// - Throws: ``YAMLError`` with the code `unwritable`.
    package static func text(of node: YAMLNode, width: Int32) throws(YAMLError) -> String {
        let writer = try YAMLWriter(width: width)
        return try writer.write(node)
    }

    private init(width: Int32) throws(YAMLError) {
        emitter = .allocate(capacity: 1)
        emitter.initialize(to: yaml_emitter_t())
        output = .allocate(capacity: 1)
        output.initialize(to: [])
        guard yaml_emitter_initialize(emitter) == 1 else { throw YAMLError(.unwritable, "out of memory") }
        yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, width)
        yaml_emitter_set_output(
            emitter,
            { output, bytes, count in
                guard let output = output?.assumingMemoryBound(to: [UInt8].self) else { return 0 }
                output.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            },
            output
        )
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
        output.deinitialize(count: 1)
        output.deallocate()
    }

    private func write(_ node: YAMLNode) throws(YAMLError) -> String {
        try emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        try emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
        try emit(node)
        try emit { yaml_document_end_event_initialize($0, 1) }
        try emit { yaml_stream_end_event_initialize($0) }
        return String(decoding: output.pointee, as: UTF8.self)
    }

    private func emit(_ node: YAMLNode) throws(YAMLError) {
        switch node.content {
        case .scalar(let text, let style):
            var text = text
            let size = Int32(clamping: text.utf8.count)
            try emit { event in
                text.withUTF8 { bytes in
                    yaml_scalar_event_initialize(event, nil, nil, bytes.baseAddress, size, 1, 1, style.forLibrary)
                }
            }
        case .sequence(let items, let isFlow):
            let style = isFlow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            try emit { yaml_sequence_start_event_initialize($0, nil, nil, 1, style) }
            for item in items { try emit(item) }
            try emit { yaml_sequence_end_event_initialize($0) }
        case .mapping(let entries, let isFlow):
            let style = isFlow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
            try emit { yaml_mapping_start_event_initialize($0, nil, nil, 1, style) }
            for entry in entries {
                try emit(entry.key)
                try emit(entry.value)
            }
            try emit { yaml_mapping_end_event_initialize($0) }
        }
    }

    /// Makes an event and hands it to the emitter, which frees it.
    private func emit(_ initialize: (UnsafeMutablePointer<yaml_event_t>) -> Int32) throws(YAMLError) {
        var event = yaml_event_t()
        guard initialize(&event) == 1 else { throw YAMLError(.unwritable, "out of memory, or not text") }
        guard yaml_emitter_emit(emitter, &event) == 1 else {
            throw YAMLError(.unwritable, emitter.pointee.problem.map { String(cString: $0) } ?? "out of memory")
        }
    }
}

extension YAMLNode.ScalarStyle {
    fileprivate var forLibrary: yaml_scalar_style_t {
        switch self {
        case .any: YAML_ANY_SCALAR_STYLE
        case .plain: YAML_PLAIN_SCALAR_STYLE
        case .singleQuoted: YAML_SINGLE_QUOTED_SCALAR_STYLE
        case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
        case .literal: YAML_LITERAL_SCALAR_STYLE
        case .folded: YAML_FOLDED_SCALAR_STYLE
        }
    }
}
