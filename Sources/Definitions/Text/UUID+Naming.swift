internal import struct FoundationEssentials.UUID

extension UUID {
    /// A key that is the same whenever it is made of the same texts.
    ///
    /// - Parameter parts: Where one ends and the next begins counts.
    package init?(naming parts: [String]) {
        let input = parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
        var digits = Array(SHA256.hexadecimal(of: input).prefix(32))
        // Version 8: made as its maker pleases.
        digits[12] = "8"
        digits[16] = "8"
        for place in [20, 16, 12, 8] { digits.insert("-", at: place) }
        self.init(uuidString: String(digits))
    }
}
