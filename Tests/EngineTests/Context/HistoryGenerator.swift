/// Random numbers that are the same for the same seed (SplitMix64).
struct HistoryGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether something happens that happens once in so many times.
    mutating func once(in count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }

    /// A text of up to a number of code points, of many scripts.
    mutating func text(upTo length: Int) -> String {
        let alphabets = ["abcdefghij .\n", "äöüßéàñ", "中文字符测试", "👩‍👩‍👧🇩🇪🙂", "\u{301}\u{0}\u{200D}שלום", "{}[]\"\\/'"]
        var text = ""
        for _ in 0..<Int.random(in: 0...length, using: &self) {
            let scalars = Array(alphabets[Int.random(in: 0..<alphabets.count, using: &self)].unicodeScalars)
            text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &self)])
        }
        return text
    }
}
