import JSONSchema
import Testing

@testable import JSON

struct URIReferenceTests {
    /// RFC 3986, section 5.4, but for references that only differ in a query.
    static let resolved: [(reference: String, result: String)] = [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"), ("urn:uuid:1-2#x", "urn:uuid:1-2#x"),
    ]

    @Test(arguments: resolved)
    func referencesAreResolvedAgainstABase(reference: String, result: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).string == result)
    }

    @Test func referencesAreResolvedAgainstBasesWithoutAuthorityOrPath() {
        #expect(URIReference("x").resolved(against: URIReference("http://a")).string == "http://a/x")
        #expect(URIReference("x#y").resolved(against: URIReference("")).string == "x#y")
        #expect(URIReference("#y").resolved(against: URIReference("urn:a:b")).string == "urn:a:b#y")
    }

    @Test func fragmentsLoseTheirPercentEscapes() {
        #expect(URIReference("a#/b%25c%20%C3%A4").decodedFragment == "/b%c ä")
        #expect(URIReference("a#b%2").decodedFragment == "b%2")
        #expect(URIReference("a#b%zz").decodedFragment == "b%zz")
        #expect(URIReference("a").decodedFragment == "")
    }
}
