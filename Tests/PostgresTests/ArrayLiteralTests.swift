import Testing

@testable import Postgres

@Suite("Array literals")
struct ArrayLiteralTests {
    private func elements(_ text: String) -> [String?]? {
        Array(text.utf8).withUnsafeBufferPointer { ArrayLiteral.elements(of: $0) }
    }

    @Test("Written and read", arguments: [[], [""], ["a"], ["a,b", "{c}", "\"", "\\", "NULL", " é "]])
    func roundTrip(texts: [String]) {
        var bytes: [UInt8] = []
        ArrayLiteral.append(texts, to: &bytes)
        #expect(elements(String(decoding: bytes, as: UTF8.self)) == texts)
    }

    @Test("Read as the server writes them")
    func read() {
        #expect(elements("{}") == [])
        #expect(elements("{1,NULL,\"NULL\"}") == ["1", nil, "NULL"])
        #expect(elements("[0:1]={a,b}") == ["a", "b"])
    }

    @Test(
        "Not understood",
        arguments: [
            "", "{", "}", "a", "{{1,2},{3,4}}", "{\"a}", "{\"a\\}", "{a,}", "{,a}", "[0:1]", "{\"a\"b}", "{a}x",
        ]
    )
    func refused(text: String) {
        #expect(elements(text) == nil)
    }
}
