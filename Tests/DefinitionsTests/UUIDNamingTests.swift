import Testing

import struct FoundationEssentials.UUID

@testable import Definitions

struct UUIDNamingTests {
    @Test func theSamePartsAreTheSameKeyAndNoOthersAre() throws {
        let key = try #require(UUID(naming: ["c", "1", "a"]))
        #expect(key == UUID(naming: ["c", "1", "a"]))
        #expect(key != UUID(naming: ["c", "1a", ""]) && key != UUID(naming: ["c", "1"]))
        let digits = Array(key.uuidString)
        #expect(digits.count == 36 && digits[14] == "8" && digits[19] == "8")
    }
}
