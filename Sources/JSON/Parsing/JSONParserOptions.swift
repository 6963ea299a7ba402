/// What a parser accepts.
public struct JSONParserOptions: Sendable, Hashable {
    /// What becomes of a key that an object has twice.
    public enum DuplicateKeys: Sendable, Hashable {
        /// The document is refused: two readers of it could see different values.
        case refuse

        /// The last value counts, in the place of the first.
        case keepLast
    }

    /// What becomes of half a surrogate pair, such as `\ud83d` without `\ude00` after it, which is no character.
    public enum HalfSurrogates: Sendable, Hashable {
        /// The document is refused.
        case refuse

        /// U+FFFD takes its place.
        case replace

        /// It is marked for a `SurrogateJoiner`: the other half may be at the beginning of another document.
        case mark
    }

    /// How deep arrays and objects may nest, 512 by default.
    public var maximumDepth: Int

    /// The longest document in bytes, 64 MiB by default.
    public var maximumBytes: Int

    /// What becomes of a key that an object has twice: by default the document is refused.
    public var duplicateKeys: DuplicateKeys

    /// Whether a whole number beyond `Int64` is refused instead of being rounded to a double; false by default.
    public var refusesLargeIntegers: Bool

    /// What becomes of half a surrogate pair: by default the document is refused.
    public var halfSurrogates: HalfSurrogates

    /// The options when none are given.
    public static let `default` = JSONParserOptions()

    /// Makes options; what is left out has its default.
    ///
    /// - Parameters:
    ///   - maximumDepth: How deep arrays and objects may nest; 512 at most, more is taken as 512.
    ///   - maximumBytes: The longest document in bytes.
    ///   - duplicateKeys: What becomes of a key that an object has twice.
    ///   - refusesLargeIntegers: Whether a whole number beyond `Int64` is refused.
    ///   - halfSurrogates: What becomes of half a surrogate pair.
    public init(
        maximumDepth: Int = 512,
        maximumBytes: Int = 64 << 20,
        duplicateKeys: DuplicateKeys = .refuse,
        refusesLargeIntegers: Bool = false,
        halfSurrogates: HalfSurrogates = .refuse
    ) {
        self.maximumDepth = maximumDepth
        self.maximumBytes = maximumBytes
        self.duplicateKeys = duplicateKeys
        self.refusesLargeIntegers = refusesLargeIntegers
        self.halfSurrogates = halfSurrogates
    }
}
