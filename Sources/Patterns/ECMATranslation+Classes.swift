extension ECMATranslation {
    /// A character class, up to its `]`.
    mutating func translateClass() throws(PatternError) {
        let start = position
        copy(peek(1) == UInt8(ascii: "^") ? 2 : 1)
        var followsSet = false
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "]"): return copy(1)
            case UInt8(ascii: "["): replace(1, with: #"\["#)
            case UInt8(ascii: "\\"):
                followsSet = isSet(at: position)
                try translateClassEscape()
                continue
            case UInt8(ascii: "-") where followsSet || isSet(at: position + 1):
                // In `[\w-.]` the hyphen joins no range.
                replace(1, with: #"\-"#)
            default: copy(1)
            }
            followsSet = false
        }
        throw fault("the class has no closing ]", at: start)
    }

    private mutating func translateClassEscape() throws(PatternError) {
        switch peek(1) {
        case UInt8(ascii: "b"): replace(2, with: #"\x08"#)
        case UInt8(ascii: "s"): replace(2, with: Self.whiteSpace)
        case UInt8(ascii: "S"): replace(2, with: Self.notWhiteSpace)
        default: try translateCharacterEscape()
        }
    }

    /// Whether an escape for a set of characters (`\d`, `\p{…}`) is at a place.
    private func isSet(at place: Int) -> Bool {
        guard place + 1 < source.count, source[place] == UInt8(ascii: "\\") else { return false }
        return Array("dDwWsSpP".utf8).contains(source[place + 1])
    }
}
