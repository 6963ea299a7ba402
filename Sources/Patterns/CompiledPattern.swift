import CPCRE2

/// A PCRE2 code block and the only owner of it.
///
/// Matching is interpreted, not JIT-compiled: just-in-time code gives up with a full stack on repeated groups over a
/// few thousand characters, and an interpreted match takes microseconds for the texts that occur here.
///
/// `@unchecked Sendable`: the block is written once, by `init`, and freed once, by `deinit`. In between it is only
/// read: PCRE2 documents compiled patterns as safe to share between threads, and all state of a match lives in match
/// data and a match context made for that call.
final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer

    init(_ source: String, options: Pattern.Options) throws(PatternError) {
        let (count, maximum) = (source.utf8.count, PatternLimits.maximumPatternBytes)
        guard count <= maximum else {
            throw PatternError(.tooLong, "the pattern has \(count) bytes, at most \(maximum) allowed")
        }
        if options.contains(.ecma) {
            let translation = try ECMATranslation(of: source)
            code = try Self.compile(translation.bytes, Self.flags(options)) { translation.sourceOffset(of: $0) }
        } else {
            code = try Self.compile(Array(source.utf8), Self.flags(options)) { $0 }
        }
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Callouts between all items are what ``MatchBudget`` counts; `\C` could split a character.
    private static func flags(_ options: Pattern.Options) -> UInt32 {
        var flags = PCRE2_UTF | PCRE2_AUTO_CALLOUT | PCRE2_NEVER_BACKSLASH_C
        if options.contains(.caseInsensitive) { flags |= PCRE2_CASELESS }
        if options.contains(.ecma) {
            flags |= PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS
        }
        return flags
    }

    private static func compile(
        _ bytes: [UInt8],
        _ flags: UInt32,
        sourceOffset: (Int) -> Int
    ) throws(PatternError) -> OpaquePointer {
        var errorCode: Int32 = 0
        var errorOffset = 0
        let code = pcre2_compile_8(bytes, bytes.count, flags, &errorCode, &errorOffset, nil)
        guard let code else {
            throw PatternError(.syntax, message(for: errorCode), at: sourceOffset(errorOffset))
        }
        return code
    }

    static func message(for errorCode: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(errorCode, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(errorCode)"
    }

    /// The names of groups, each with the group's number.
    var groupNames: [String: Int] {
        var (count, size): (UInt32, UInt32) = (0, 0)
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [:] }
        // Each entry is the number in two bytes, and the name with a zero after it.
        return (0..<Int(count)).reduce(into: [:]) { names, index in
            let entry = UnsafeBufferPointer(start: table + index * Int(size), count: Int(size))
            let name = String(decoding: entry.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
            names[name] = Int(entry[0]) << 8 | Int(entry[1])
        }
    }

    func matches(_ text: String, within limit: Duration? = nil) throws(PatternError) -> Bool {
        // One pair of offsets is enough: nobody asks for the groups.
        try match(text, from: 0, within: limit, in: pcre2_match_data_create_8(1, nil)) { _, _ in true } ?? false
    }

    func firstMatch(in text: String, from offset: Int) throws(PatternError) -> PatternMatch? {
        try match(text, from: offset, in: pcre2_match_data_create_from_pattern_8(code, nil)) { data, bytes in
            let count = Int(pcre2_get_ovector_count_8(data))
            guard let offsets = pcre2_get_ovector_pointer_8(data) else { return nil }
            let captures = (0..<count).map { group -> String? in
                let (start, end) = (offsets[2 * group], offsets[2 * group + 1])
                // Groups that took no part have the largest unsigned size, which arrives as -1.
                guard start >= 0, end >= start else { return nil }
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
            return PatternMatch(captures: captures, range: offsets[0]..<max(offsets[0], offsets[1]))
        }
    }

    /// Runs the pattern, gives the match to `result`, and frees the match data.
    private func match<T>(
        _ text: String,
        from offset: Int,
        within limit: Duration? = nil,
        in data: OpaquePointer?,
        result: (OpaquePointer, UnsafeBufferPointer<UInt8>) -> T?
    ) throws(PatternError) -> T? {
        let context = pcre2_match_context_create_8(nil)
        defer {
            pcre2_match_context_free_8(context)
            pcre2_match_data_free_8(data)
        }
        guard let context, let data else { throw PatternError(.failed, "out of memory") }
        guard text.utf8.count <= PatternLimits.maximumTextBytes else {
            throw PatternError(.limitExceeded, "the text is longer than \(PatternLimits.maximumTextBytes) bytes")
        }
        var text = text
        let outcome = text.withUTF8 { bytes -> (status: Int32, value: T?) in
            let status = run(bytes, from: offset, within: limit, data: data, context: context)
            return (status, status >= 0 ? result(data, bytes) : nil)
        }
        switch outcome.status {
        case 0...: return outcome.value
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_MATCHLIMIT: throw PatternError(.limitExceeded, "the pattern takes too many steps on this text")
        case PCRE2_ERROR_CALLOUT: throw PatternError(.limitExceeded, "the pattern takes too long on this text")
        case PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT:
            throw PatternError(.limitExceeded, "the pattern takes too much memory on this text")
        default: throw PatternError(.failed, Self.message(for: outcome.status))
        }
    }

    private func run(
        _ bytes: UnsafeBufferPointer<UInt8>,
        from offset: Int,
        within limit: Duration?,
        data: OpaquePointer,
        context: OpaquePointer
    ) -> Int32 {
        var start = max(0, offset)
        while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
        guard start <= bytes.count else { return PCRE2_ERROR_NOMATCH }
        pcre2_set_match_limit_8(context, PatternLimits.maximumBacktracks)
        pcre2_set_depth_limit_8(context, PatternLimits.maximumDepth)
        pcre2_set_heap_limit_8(context, UInt32(PatternLimits.maximumHeapBytes / 1_024))
        var budget = MatchBudget(textBytes: bytes.count, startingAt: start, within: limit)
        return withUnsafeMutablePointer(to: &budget) { budget in
            pcre2_set_callout_8(context, MatchBudget.callout, budget)
            // A Swift string is always valid UTF-8.
            return pcre2_match_8(code, bytes.baseAddress, bytes.count, start, PCRE2_NO_UTF_CHECK, data, context)
        }
    }
}
