import Testing

@testable import Postgres

struct ArrayLiteralTests {
    private func elements(_ text: String) -> [String?]? {
        Array(text.utf8).withUnsafeBufferPointer { ArrayLiteral.elements(of: $0) }
    }

    @Test(arguments: [[], [""], ["a"], ["a,b", "{c}", "\"", "\\", "NULL", " é "]])
    func writtenAndRead(texts: [String]) {
        var bytes: [UInt8] = []
        ArrayLiteral.append(texts, to: &bytes)
        #expect(elements(String(decoding: bytes, as: UTF8.self)) == texts)
    }

    @Test func readAsTheServerWritesThem() {
        #expect(elements("{}") == [])
        #expect(elements("{1,NULL,\"NULL\"}") == ["1", nil, "NULL"])
        #expect(elements("[0:1]={a,b}") == ["a", "b"])
    }

    @Test(arguments: [
        "", "{", "}", "a", "{{1,2},{3,4}}", "{\"a}", "{\"a\\}", "{a,}", "{,a}", "[0:1]", "{\"a\"b}", "{a}x",
    ]
    )
    func notUnderstood(text: String) {
        #expect(elements(text) == nil)
    }
}
