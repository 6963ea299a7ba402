import CCurl
import HTTP
import Testing

/// A URL as libcurl takes it apart before it connects.
private struct CurlAddress: Equatable {
    let scheme: String
    let host: String
    let port: String

    /// nil when libcurl refuses it.
    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK else { return nil }
        func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST),
            let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))
        else { return nil }
        (self.scheme, self.host, self.port) = (scheme, host, port)
    }
}

/// What a policy reads in a URL is what is asked.
struct WebAddressTests {
    private static let hosts = [
        "good.example", "GOOD.Example", "good.example.", "good.example..", "good..example", ".good.example",
        "a_b.example",
        "xn--bcher-kva.example", "bücher.example", "ｇood.example", "go%6fd.example", "good.example%00.evil.example",
        "good.example%2f.evil.example", "good.example\t", "good example", "127.0.0.1", "127.1", "127.0.1", "2130706433",
        "0x7f000001", "0x7F.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "127.0.0.01", "127.0.0.08", "1.2.3.4.5",
        "256.1.1.1", "4294967296", "0x1ffffffff", "0x", "1.0x", "foo.1", "foo.0x7f", "0", "00", "[::1]", "[::1",
        "::1", "[::ffff:127.0.0.1]", "[0:0::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[v1.x]", "[127.0.0.1]", "[]",
        "localhost", "LOCALHOST", "-", "a-.example", "*.example", "a,b", "a;b", "a$b", "a'b", "a(b)", "a!b", "a~b",
        "a&b=c",
        "a+b", "{a}", "a|b", "a^b", "a`b", "a<b", "\u{0}", "a\u{7F}", "a\u{AD}b", "a\u{2028}b", "a。b", "",
        String(repeating: "a", count: 254), String(repeating: "a.", count: 126) + "a",
    ]
    private static let befores = [
        "http://", "https://", "HTTP://", "hTTps://", "http:/", "http:", "http:///", "http:////", "//", "", "ftp://",
        "file://", "http:\\\\", "http://user@", "http://user:pw@", "http://@", "http://:@", "http://evil.example@",
        "http://evil.example:80@", "http://evil.example#@", "http://evil.example?@", "http://evil.example\\@",
        "http://evil.example/@", "http://a@b@", " http://", "http://\n", "http ://", "http%3A//", "javascript://",
    ]
    private static let afters = [
        "", "/", ":80", ":080", ":0", ":65535", ":65536", ":99999999999", ":-1", ":+80", ":8o", ":", ":80:90",
        "/a/b?c=d",
        "?a", "#f", "/#@evil.example/", "?@evil.example/", "#@evil.example", "\\@evil.example", "\\.evil.example", ";x",
        "/..//evil.example", "/%2e%2e/", "/a b", "/\\", "/é", "?é", "/\u{0}", "@evil.example", ":80@evil.example",
        ":@evil.example", "%40evil.example", "/@evil.example", "\r\nHost: evil.example", "%0d%0aHost:x",
    ]

    /// Numbers that are the same in each run.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static func check(_ url: String) -> Bool {
        guard let address = try? WebAddress(url) else { return false }
        guard let sent = CurlAddress(address.url) else {
            Issue.record("libcurl refuses \(address.url), which is sent for \(url.debugDescription)")
            return true
        }
        let expected = "\(address.isSecure ? "https" : "http") \(address.writtenHost) \(address.port)"
        #expect("\(sent.scheme) \(sent.host) \(sent.port)" == expected, "\(url.debugDescription)")
        // Read once more it is the same.
        #expect((try? WebAddress(address.url)) == address, "\(address.url)")
        return true
    }

    @Test func forHostileURLsTheHostThatAPolicySeesIsTheOneThatLibcurlAsks() {
        var accepted = 0
        for before in Self.befores {
            for host in Self.hosts {
                for after in Self.afters where Self.check(before + host + after) { accepted += 1 }
            }
        }
        #expect(accepted > 100)
    }

    @Test func theSameHoldsForURLsThatArePutTogetherAtRandom() {
        var generator = Sequence(state: 11)
        let pieces =
            Self.hosts.prefix(60) + [
                "@", ":", "/", "?", "#", "\\", ".", "%", "[", "]", "0x", "1", "80", "é", " ", "\t",
            ]
        var accepted = 0
        for _ in 0..<20_000 {
            var url = Bool.random(using: &generator) ? "http://" : "https://"
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                url += pieces.randomElement(using: &generator) ?? ""
            }
            if Self.check(url) { accepted += 1 }
        }
        #expect(accepted > 500)
    }

    @Test(arguments: [
        ("http://127.1/", "127.0.0.1"), ("http://2130706433", "127.0.0.1"), ("http://0x7f000001/", "127.0.0.1"),
        ("http://0177.0.0.1/", "127.0.0.1"), ("http://127.0.0.1./", "127.0.0.1"), ("http://[0:0::1]/", "[::1]"),
        ("http://[::FFFF:7f00:1]/", "[::ffff:127.0.0.1]"), ("http://Good.Example./", "good.example"),
    ]
    )
    func everySpellingOfAnAddressIsTheAddress(url: String, host: String) throws {
        #expect(try WebAddress(url).writtenHost == host)
    }

    @Test(arguments: [
        "http://good.example\\@evil.example/", "http://user@good.example/", "http://good.example:80@evil.example",
        "http://1.2.3.4.5/", "http://foo.1/", "http://127.0.0.08/", "http://good.example../",
        "http://go%6fd.example/",
        "http://bücher.example/", "http://[fe80::1%25eth0]/", "http:good.example", "good.example",
        "ftp://good.example/",
    ]
    )
    func whatProgramsReadDifferentlyIsRefused(url: String) {
        #expect(throws: WebAddress.Malformed.self) { try WebAddress(url) }
    }
}
