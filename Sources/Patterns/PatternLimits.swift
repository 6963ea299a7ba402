/// The bounds that keep a hostile pattern or text from taking the process with it.
///
/// Steps and memory are counted, so the same pattern and text always end the same way. `^(a+)+$` against thirty
/// `a` and a `!` gives up after about ten milliseconds.
public enum PatternLimits {
    /// The longest pattern: 4,096 bytes of UTF-8.
    public static let maximumPatternBytes = 4_096

    /// The longest text that is searched: 64 MiB of UTF-8.
    public static let maximumTextBytes = 64 << 20

    /// The steps a match may take whatever the text's length: 1,000,000.
    ///
    /// A step is an item of the pattern that is tried, or a byte that an item moves over.
    public static let baseSteps = 1_000_000

    /// The further steps for each byte of the text: 64.
    ///
    /// It lets an honest search go through a long text, and stops one whose time grows with the text's square.
    public static let stepsPerByte = 64

    /// The most memory for what a match may have to come back to: 32 MiB.
    public static let maximumHeapBytes = 32 << 20

    /// The most places a match may have to come back to at one time: 250,000.
    static let maximumDepth: UInt32 = 250_000

    /// PCRE2's own count for one starting place: the steps above run out first as a rule.
    static let maximumBacktracks: UInt32 = 500_000

    /// CPU time that even a match whose steps hide their cost may take, in nanoseconds: 250 ms.
    static let baseNanoseconds: UInt64 = 250_000_000

    /// Further CPU time for each byte of the text, in nanoseconds.
    static let nanosecondsPerByte: UInt64 = 1_000
}
