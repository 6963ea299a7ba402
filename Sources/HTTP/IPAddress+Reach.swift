extension IPAddress {
    /// Who can be reached at an address.
    public enum Reach: Sendable, Hashable {
        /// A host of the public Internet.
        case `public`
        /// This machine, or a network of its owner's; with the name of the kind.
        case `private`(String)
        /// Nothing that a request should ever go to: what hands out a machine's credentials, many hosts at once, or
        /// none; with the name of the kind.
        case never(String)
    }

    /// Who can be reached here, by the registries of special-purpose addresses.
    ///
    /// An address of version 6 is public only if it is of the range given out to networks; one that contains an address
    /// of version 4 (mapped, NAT64, 6to4) is never public.
    public var reach: Reach {
        isVersion6 ? reach6 : Self.reach4(bytes)
    }

    /// Why a request may not go here, as the name of the kind of address; nil when it may.
    ///
    /// - Parameter allowsPrivate: Whether addresses of this machine and its owner's networks may be spoken to.
    package func refusal(allowsPrivate: Bool) -> String? {
        switch reach {
        case .public: nil
        case .private(let kind): allowsPrivate ? nil : kind
        case .never(let kind): kind
        }
    }

    private static let kinds4: [(prefix: [UInt8], bits: Int, kind: Reach)] = [
        ([0, 0, 0, 0], 8, .never("an unspecified address")),
        ([10, 0, 0, 0], 8, .private("a private address")),
        ([100, 100, 100, 200], 32, .never("a cloud's metadata address")),
        ([100, 64, 0, 0], 10, .private("a carrier's address")),
        ([127, 0, 0, 0], 8, .private("a loopback address")),
        ([168, 63, 129, 16], 32, .never("a cloud's metadata address")),
        ([169, 254, 0, 0], 16, .never("a link-local address")),
        ([172, 16, 0, 0], 12, .private("a private address")),
        ([192, 0, 0, 192], 32, .never("a cloud's metadata address")),
        ([192, 0, 0, 0], 24, .private("a reserved address")),
        ([192, 0, 2, 0], 24, .private("an address for documentation")),
        ([192, 88, 99, 0], 24, .private("a relay's address")),
        ([192, 168, 0, 0], 16, .private("a private address")),
        ([198, 18, 0, 0], 15, .private("an address for measurements")),
        ([198, 51, 100, 0], 24, .private("an address for documentation")),
        ([203, 0, 113, 0], 24, .private("an address for documentation")),
        ([224, 0, 0, 0], 4, .never("a multicast address")),
        ([240, 0, 0, 0], 4, .never("a reserved address")),
    ]

    private static func reach4(_ bytes: [UInt8]) -> Reach {
        kinds4.first { hasPrefix(bytes, $0.prefix, bits: $0.bits) }?.kind ?? .public
    }

    private var reach6: Reach {
        let zeros = [UInt8](repeating: 0, count: 16)
        if bytes == zeros { return .never("an unspecified address") }
        if bytes == zeros.dropLast() + [1] { return .private("a loopback address") }
        if let inner = contained {
            // Whatever the address inside is: who needs that host can name it as it is.
            if case .never(let kind) = Self.reach4(inner) { return .never(kind) }
            return .private("an address that contains another")
        }
        if bytes[0] == 0xFF { return .never("a multicast address") }
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return .never("a link-local address") }
        // fd00:ec2::254 and fd20:ce::254.
        let isMetadata = bytes[0] == 0xFD && bytes.suffix(2) == [0x02, 0x54] && bytes[4..<14].allSatisfy { $0 == 0 }
        if isMetadata { return .never("a cloud's metadata address") }
        if bytes[0] & 0xFE == 0xFC { return .private("a private address") }
        guard bytes[0] & 0xE0 == 0x20 else { return .private("a reserved address") }
        if Self.hasPrefix(bytes, [0x20, 0x01, 0x00, 0x00], bits: 23) { return .private("a reserved address") }
        if Self.hasPrefix(bytes, [0x20, 0x01, 0x0D, 0xB8], bits: 32) {
            return .private("an address for documentation")
        }
        if Self.hasPrefix(bytes, [0x3F, 0xFF, 0x00], bits: 20) { return .private("an address for documentation") }
        return .public
    }

    /// The address of version 4 that one of version 6 leads to; nil if there is none in it.
    private var contained: [UInt8]? {
        let zeros = [UInt8](repeating: 0, count: 12)
        let first = Array(bytes.prefix(12))
        // Mapped (::ffff:0:0/96), compatible (::/96), translated (::ffff:0:0:0/96), NAT64 (64:ff9b::/96 and /48).
        let isMapped = first == Array(zeros.prefix(10)) + [0xFF, 0xFF]
        let isTranslated = first == Array(zeros.prefix(8)) + [0xFF, 0xFF, 0, 0]
        let isNAT64 = Self.hasPrefix(bytes, [0x00, 0x64, 0xFF, 0x9B], bits: 32)
        if isMapped || isTranslated || isNAT64 || first == zeros { return Array(bytes.suffix(4)) }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return Array(bytes[2..<6]) }
        // Teredo has the client's address, inverted.
        if Self.hasPrefix(bytes, [0x20, 0x01, 0x00, 0x00], bits: 32) { return bytes.suffix(4).map { ~$0 } }
        // ISATAP has it in the interface's identifier.
        if [0x00, 0x02].contains(bytes[8]), Array(bytes[9..<12]) == [0x00, 0x5E, 0xFE] {
            return Array(bytes.suffix(4))
        }
        return nil
    }

    private static func hasPrefix(_ bytes: [UInt8], _ prefix: [UInt8], bits: Int) -> Bool {
        let whole = bits / 8
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        let rest = bits % 8
        return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0
    }
}
