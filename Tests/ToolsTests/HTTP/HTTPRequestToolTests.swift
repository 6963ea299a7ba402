import Glibc
import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

import struct FoundationEssentials.UUID

@testable import Conversation
@testable import Definitions
@testable import Tools

@Suite struct HTTPRequestToolTests {
    @Test func asksAndAnswers() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .json(
                    ["a": [1, 2]],
                    status: 201,
                    headers: [HTTPField("ETag", "\"x\""), HTTPField("Set-Cookie", "s=1")]
                )
            } perform: { server in
                let result = try await bench.get(server.url + "/p?q=ä b#f", hosts: ["127.0.0.1:\(server.port)"])
                #expect(result.error?.code == .invalidArguments)
                let answer = try await bench.get(server.url + "/p?q=ä#f", hosts: ["127.0.0.1:\(server.port)"])
                #expect(answer.output.text == "HTTP 201\ncontent-type: application/json\netag: \"x\"\n\n{\"a\":[1,2]}")
                #expect(answer.output.value?["body"] == ["a": [1, 2]])
                #expect(answer.output.value?["status"] == 201)
                let request = try #require(await server.requests.first)
                #expect(request.path == "/p?q=%C3%A4")
                #expect(request.headers.first(name: "user-agent")?.hasPrefix("agentctl/") == true)
                #expect(bench.recorder.drain().events == [])
            }
        }
    }

    @Test func sendsBodiesHeadersAndTheKey() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("ok")
            } perform: { server in
                let configuration: JSONValue = ["allowed_hosts": ["127.0.0.1:\(server.port)"], "allow_private": true]
                let key = UUID()
                let arguments: JSONValue = [
                    "url": .string(server.url), "method": "POST", "json": ["text": "ä\n"], "headers": ["X-A": "b"],
                ]
                _ = try await bench.call("http_request", arguments, configuration, key: key)
                let plain: JSONValue = ["url": .string(server.url), "method": "POST", "body": "text"]
                _ = try await bench.call("http_request", plain, configuration)
                let get: JSONValue = ["url": .string(server.url)]
                _ = try await bench.call("http_request", get, configuration, key: key)
                let requests = await server.requests
                #expect(requests.map(\.method) == ["POST", "POST", "GET"])
                #expect(requests.map(\.text) == ["{\"text\":\"ä\\n\"}", "text", ""])
                #expect(requests[0].headers.first(name: "content-type") == "application/json")
                #expect(requests[0].headers.first(name: "x-a") == "b")
                let keys = requests.map { $0.headers.first(name: "idempotency-key") }
                #expect(keys == [key.uuidString.lowercased(), nil, key.uuidString.lowercased()])
            }
        }
    }

    @Test(arguments: [
        ("http://user:pass@HOST/", ToolError.Code.invalidArguments), ("http://HOST@example.com/", .invalidArguments),
        ("ftp://HOST/", .invalidArguments), ("file:///etc/passwd", .invalidArguments), ("http:///x", .invalidArguments),
        ("//HOST/", .invalidArguments), ("http://HOST\\@example.com/", .invalidArguments),
        ("http://HOST/\r\nX: y", .invalidArguments),
        ("http://HOST/ HTTP/1.1\r\nHost: x", .invalidArguments), ("http://127.0.0.1:0/", .invalidArguments),
        ("http://127.0.0.1:99999/", .invalidArguments), ("http://127.0.0.1:+80/", .invalidArguments),
        ("http://exämple.com/", .invalidArguments), ("http://a%62c.com/", .invalidArguments),
        ("http://loc\u{212A}.com/", .invalidArguments),
        ("http://[::1/", .invalidArguments),
        ("http://[fe80::1%25eth0]/", .invalidArguments), ("gopher://HOST/", .invalidArguments),
        ("http://", .invalidArguments),
        ("http://127.0.0.1/", .denied), ("http://localhost/", .denied), ("https://HOST/", .denied),
        ("http://example.com/", .denied),
        ("http://HOST.example.com/", .invalidArguments), ("http://127.0.0.1.:1/", .denied),
        ("http://[::ffff:127.0.0.1]:1/", .denied),
    ])
    func urlsThatAreNotAsked(url: String, code: ToolError.Code) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                let host = "127.0.0.1:\(server.port)"
                let denied = url == "https://HOST/"
                let result = try await bench.get(
                    url.replacing("HOST", with: host),
                    hosts: denied ? ["127.0.0.1"] : [host]
                )
                #expect(result.error?.code == code, "\(result.output.text)")
                #expect(bench.recorder.drain().events.map(\.kind) == (code == .denied ? [.deniedHost] : []))
                #expect(await server.connectionCount == 0)
            }
        }
    }

    /// Without allow_private no spelling of a private address gets through, however the name is allowed.
    @Test(arguments: [
        "127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[::]", "LOCALHOST.", "169.254.169.254", "10.0.0.1", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[fe80::1]", "100.100.100.200",
    ])
    func privateAddressesAreDenied(host: String) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                let configuration: JSONValue = ["allowed_hosts": ["*", .string("\(host):\(server.port)")]]
                let arguments: JSONValue = ["url": .string("http://\(host):\(server.port)/")]
                let result = try await bench.call("http_request", arguments, configuration)
                #expect(result.error?.code == .denied, "\(result.output.text)")
                let events = bench.recorder.drain().events
                #expect(events.map(\.kind) == [.deniedHost])
                #expect(events.first?.callID == "call-1")
                #expect(await server.connectionCount == 0)
            }
        }
    }

    /// What hands out a machine's credentials is out of reach even where private addresses are allowed.
    @Test(arguments: [
        "169.254.169.254", "100.100.100.200", "[fe80::1]", "0.0.0.0", "[::ffff:169.254.169.254]", "255.255.255.255",
    ])
    func metadataIsDeniedAlways(host: String) async throws {
        try await HTTPBench.with { bench in
            let result = try await bench.get("http://\(host)/latest/meta-data/", hosts: [host])
            #expect(result.error?.code == .denied)
        }
    }

    @Test func hostRules() throws {
        func matches(_ rule: String, _ url: String) throws -> Bool { try HostRule(rule).matches(try WebAddress(url)) }
        #expect(try matches("example.com", "https://EXAMPLE.com./x"))
        #expect(try matches("example.com", "http://example.com/"))
        #expect(try !matches("example.com", "https://example.com:8443/"))
        #expect(try !matches("example.com", "https://www.example.com/"))
        #expect(try !matches("example.com", "https://example.com.evil.org/"))
        #expect(try !matches("example.com", "https://notexample.com/"))
        #expect(try matches("*.example.com", "https://a.b.example.com/"))
        #expect(try !matches("*.example.com", "https://example.com/"))
        #expect(try !matches("*.example.com", "https://xexample.com/"))
        #expect(try matches("*.example.com:8080", "http://a.example.com:8080/"))
        #expect(try matches("example.com:443", "https://example.com/"))
        #expect(try !matches("example.com:443", "http://example.com/"))
        #expect(try matches("*", "https://anything.example/"))
        #expect(try !matches("*", "https://anything.example:8443/"))
        #expect(try matches("[::1]:80", "http://[0:0::1]/"))
        for rule in ["", "http://x", "a b", "*.", "x:0", "a*b.com", "user@host"] {
            #expect(throws: ToolError.self, "\(rule)") { try HostRule(rule) }
        }
    }

    /// The first answer of the name server is checked and used; the second one is never asked for.
    @Test func rebindingLeadsNowhere() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                var bench = bench
                let policy = HTTPPolicy(hosts: [try HostRule("rebind.example:\(server.port)")], allowsPrivate: false)
                let address = try WebAddress("http://rebind.example:\(server.port)/")
                bench.resolver = .scripted(["rebind.example": [["93.184.216.34"], ["127.0.0.1"]]])
                let found = try await policy.addresses(for: address, tool: "t", in: bench.context())
                #expect(found.map(\.description) == ["93.184.216.34"])
                // Asked again, as for a redirect, the name stands for this machine and is refused.
                let context = bench.context()
                let error = await #expect(throws: ToolError.self) {
                    try await policy.addresses(for: address, tool: "t", in: context)
                }
                #expect(error?.code == .denied)
                #expect(await server.connectionCount == 0)
            }
        }
    }

    /// The connection goes to the address that was checked, not to what the name stands for at that moment.
    @Test func theConnectionIsPinned() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { request in
                .text(request.headers.first(name: "host") ?? "")
            } perform: { server in
                var bench = bench
                bench.resolver = .scripted(["pinned.invalid": [["127.0.0.1"]]])
                let result = try await bench.get(
                    "http://pinned.invalid:\(server.port)/",
                    hosts: ["pinned.invalid:\(server.port)"]
                )
                #expect(result.output.text.hasSuffix("pinned.invalid:\(server.port)"), "\(result.output.text)")
            }
        }
    }

    @Test func oneBadAddressAmongGoodOnesIsRefused() async throws {
        try await HTTPBench.with { bench in
            var bench = bench
            bench.resolver = .scripted(["mixed.example": [["93.184.216.34", "127.0.0.1"]]])
            let configuration: JSONValue = ["allowed_hosts": ["mixed.example"]]
            let result = try await bench.call("http_request", ["url": "http://mixed.example/"], configuration)
            #expect(result.error?.code == .denied)
            #expect(bench.recorder.drain().events.first?.detail.contains("127.0.0.1") == true)
        }
    }

    @Test func aSecondAddressIsTriedWhenTheFirstDoesNotAnswer() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                var bench = bench
                // Nobody listens on this port of the second loopback address but the server listens on one only.
                bench.resolver = .scripted(["two.example": [["::1", "127.0.0.1"]]])
                let result = try await bench.get(
                    "http://two.example:\(server.port)/",
                    hosts: ["two.example:\(server.port)"]
                )
                #expect(result.output.text.hasSuffix("reached"), "\(result.output.text)")
            }
        }
    }
}

@Suite struct HTTPRedirectTests {
    @Test(arguments: [
        "http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "//127.0.0.1:1/",
        "http://metadata.example/", "http://user@127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)",
        "http://0x7f.1/",
    ])
    func redirectsAreCheckedAnew(location: String) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("", status: 302, headers: [HTTPField("Location", location)])
            } perform: { server in
                var bench = bench
                bench.resolver = .scripted(["metadata.example": [["169.254.169.254"]], "0x7f.1": [["127.0.0.1"]]])
                let hosts = ["127.0.0.1:\(server.port)", "metadata.example"]
                let result = try await bench.get(server.url, hosts: hosts)
                let code = try #require(result.error?.code)
                #expect(code == .denied || code == .invalidArguments, "\(result.output.text)")
                #expect(await server.requests.count == 1)
            }
        }
    }

    @Test func endlessRedirectsEnd() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { request in
                .text("", status: 302, headers: [HTTPField("Location", request.path + "x")])
            } perform: { server in
                let result = try await bench.get(server.url + "/", hosts: ["127.0.0.1:\(server.port)"])
                #expect(result.error?.code == .failed)
                #expect(result.output.text.contains("more than 5 redirects"))
                #expect(await server.requests.count == 6)
            }
        }
    }

    /// What authenticates stays with the server that it is for.
    @Test(arguments: [301, 302, 303, 307, 308])
    func anotherServerIsToldNothing(status: Int) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("end")
            } perform: { other in
                try await withMockServer { request in
                    request.path == "/same"
                        ? .text("", status: status, headers: [HTTPField("Location", other.url + "/there")])
                        : .text("", status: 307, headers: [HTTPField("Location", "/same")])
                } perform: { server in
                    var bench = bench
                    bench.secrets = ["TOKEN": "s3cret-value"]
                    let configuration: JSONValue = [
                        "allowed_hosts": ["127.0.0.1:\(server.port)", "127.0.0.1:\(other.port)"], "allow_private": true,
                        "headers": ["Authorization": ["secret": "TOKEN", "prefix": "Bearer "]],
                    ]
                    let arguments: JSONValue = [
                        "url": .string(server.url + "/start"), "method": "POST", "body": "b",
                        "headers": ["Cookie": "c=1", "X-Key": "k", "Accept": "text/plain"],
                    ]
                    let result = try await bench.call("http_request", arguments, configuration, key: UUID())
                    #expect(result.output.text.hasSuffix("end"), "\(result.output.text)")
                    for request in await server.requests {
                        #expect(request.headers.first(name: "authorization") == "Bearer s3cret-value")
                    }
                    let last = try #require(await other.requests.first)
                    for name in ["authorization", "cookie", "x-key", "idempotency-key"] {
                        #expect(last.headers.first(name: name) == nil, "\(name)")
                    }
                    #expect(last.headers.first(name: "accept") == "text/plain")
                    #expect(last.method == (status < 304 ? "GET" : "POST"))
                    #expect(last.text == (status < 304 ? "" : "b"))
                }
            }
        }
    }

    @Test(arguments: [
        ("/a/b?x=1", "c", "/a/c"), ("/a/b?x=1", "?y=2", "/a/b?y=2"), ("/a/b", "/c/d", "/c/d"), ("/a/b", "", "/a/b"),
        ("/a/b?x", "#f", "/a/b?x"), ("/", "c?d=http://x/", "/c?d=http://x/"),
    ])
    func relativeLocations(target: String, location: String, result: String) throws {
        #expect(try WebAddress("https://h.example" + target).following(location).url == "https://h.example" + result)
    }

    @Test func neverFromHTTPSToHTTP() throws {
        let message = HTTPMessage(address: try WebAddress("https://h.example/"))
        let next = try WebAddress("http://h.example/")
        #expect(throws: ToolError.self) { try message.redirected(to: next, status: 302) }
    }
}

@Suite struct HTTPAttackTests {
    @Test(
        arguments: [
            ["X-A": "b\r\nX-Evil: 1"], ["X-A": "b\nX-Evil: 1"], ["X-A\r\nX-Evil": "1"], ["X A": "1"], ["": "x"],
            ["X-A": "b\0c"],
            ["Host": "evil"], ["hOsT": "evil"], ["Content-Length": "0"], ["Transfer-Encoding": "chunked"],
            ["Connection": "x"],
            ["Proxy-Authorization": "x"], ["Upgrade": "h2c"], ["authorization": "other"], ["Expect": "x"],
            [":authority": "x"],
        ] as [[String: String]]
    )
    func headersCannotBeForged(headers: [String: String]) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("ok")
            } perform: { server in
                var bench = bench
                bench.secrets = ["TOKEN": "s3cret-value"]
                let configuration: JSONValue = [
                    "allowed_hosts": ["127.0.0.1:\(server.port)"], "allow_private": true,
                    "headers": ["Authorization": ["secret": "TOKEN"]],
                ]
                let object = JSONObject(headers.map { ($0.key, JSONValue.string($0.value)) })
                let arguments: JSONValue = ["url": .string(server.url), "headers": .object(object)]
                let result = try await bench.call("http_request", arguments, configuration)
                let code = try #require(result.error?.code, "\(headers)")
                #expect(code == .denied || code == .invalidArguments)
                #expect(await server.requests.count == 0)
            }
        }
    }

    /// Little that unpacks to a lot is read no further than allowed.
    @Test func compressedBombs() async throws {
        let bomb = try gzipped(zeros: 256 << 20)
        #expect(bomb.count < 1 << 20)
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .bytes(
                    bomb,
                    headers: [HTTPField("Content-Encoding", "gzip"), HTTPField("Content-Type", "text/plain")]
                )
            } perform: { server in
                let result = try await bench.get(
                    server.url,
                    hosts: ["127.0.0.1:\(server.port)"],
                    more: ["max_response_bytes": 100_000]
                )
                #expect(result.output.truncated)
                #expect(result.output.text.utf8.count < 1_000)
                #expect(result.output.text.contains("more than 100000 bytes"))
            }
        }
    }

    @Test func hugeBodiesAreCut() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .huge(byteCount: 200 << 20)
            } perform: { server in
                let result = try await bench.get(
                    server.url,
                    hosts: ["127.0.0.1:\(server.port)"],
                    more: ["max_response_bytes": 50_000]
                )
                #expect(result.output.text.hasSuffix("x\n[cut: only the first 50000 bytes were read]"))
                #expect(result.output.truncated)
            }
        }
    }

    @Test(arguments: [0, 1, 2])
    func slowServers(kind: Int) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                switch kind {
                case 0: .hang
                case 1: .hang(after: Array("some".utf8))
                default: .drip(Array(repeating: "x", count: 10_000), every: .milliseconds(20))
                }
            } perform: { server in
                var bench = bench
                bench.limits.timeout = .milliseconds(400)
                let started = ContinuousClock.now
                let result = try await bench.get(server.url, hosts: ["127.0.0.1:\(server.port)"])
                #expect(result.error?.code == .timeout, "\(result.output.text)")
                #expect(ContinuousClock.now - started < .seconds(15))
            }
        }
    }

    @Test func slowNameServers() async throws {
        try await HTTPBench.with { bench in
            var bench = bench
            bench.limits.timeout = .milliseconds(200)
            bench.resolver = HostResolver { _ throws(HTTPClientError) in
                do { try await Task.sleep(for: .seconds(3_600)) } catch {}
                throw HTTPClientError(.cancelled, "the task was cancelled")
            }
            let result = try await bench.get("http://slow.example/", hosts: ["slow.example"])
            #expect(result.error?.code == .timeout)
        }
    }

    @Test func secretsAreNotTold() async throws {
        let secret = "p@ss/w\"ord+1"
        try await HTTPBench.with { bench in
            try await withMockServer { request in
                let sent = request.headers.first(name: "x-key") ?? ""
                return .json([
                    "echo": .string(sent), "list": [["deep": .string("<\(sent)>")]], "encoded": "p%40ss%2Fw%22ord%2B1",
                ])
            } perform: { server in
                var bench = bench
                bench.secrets = ["TOKEN": secret]
                let configuration: JSONValue = [
                    "allowed_hosts": ["127.0.0.1:\(server.port)"], "allow_private": true,
                    "headers": ["X-Key": ["secret": "TOKEN"]],
                ]
                let result = try await bench.call("http_request", ["url": .string(server.url)], configuration)
                #expect(await server.requests.first?.headers.first(name: "x-key") == secret)
                let all = result.output.text + (result.output.value?.text ?? "")
                #expect(!all.contains("ord") && all.contains("[secret]"), "\(all)")
            }
        }
    }

    @Test func secretsAreForHTTPSOnly() async throws {
        try await HTTPBench.with { bench in
            var bench = bench
            bench.secrets = ["TOKEN": "s3cret"]
            bench.resolver = .scripted(["api.example.com": [["93.184.216.34"]]])
            let configuration: JSONValue = [
                "allowed_hosts": ["api.example.com"], "headers": ["X-Key": ["secret": "TOKEN"]],
            ]
            let result = try await bench.call("http_request", ["url": "http://api.example.com/"], configuration)
            #expect(result.error?.code == .denied)
            bench.secrets = [:]
            let missing = try await bench.call("http_request", ["url": "https://api.example.com/"], configuration)
            #expect(missing.error?.message == "This tool is not set up: the variable TOKEN is not set where it runs.")
        }
    }

    @Test(
        arguments: [
            (["allowed_hosts": ["*"], "headers": ["A": ["secret": "T"]]], "configuration.headers"),
            (["allowed_hosts": ["a b"]], "configuration.allowed_hosts[0]"),
            (["methods": ["BREW"]], "configuration.methods"),
            (["allowed_host": ["a"]], "configuration.allowed_host"),
            (["headers": ["Host": "x"]], "configuration.headers.Host"),
            (["headers": ["A": ["secrt": "T"]]], "configuration.headers.A.secrt"),
            (["headers": ["A": 1]], "configuration.headers.A"),
            (["max_response_bytes": 0], "configuration.max_response_bytes"),
        ] as [(JSONValue, String)]
    )
    func rowsThatAreRefused(configuration: JSONValue, path: String) throws {
        let definition = ToolDefinition(
            name: "t",
            versionID: 1,
            implementation: "http_request",
            configuration: configuration
        )
        let error = #expect(throws: ToolError.self) { try ToolFactory().tool(for: definition) }
        #expect(error?.problems.map(\.path).contains(path) == true, "\(error?.problems ?? [])")
    }

    @Test func theEffectFollowsFromTheMethods() throws {
        func effect(_ configuration: JSONValue) throws -> ToolEffect {
            try ToolFactory().tool(
                for: ToolDefinition(
                    name: "t",
                    versionID: 1,
                    implementation: "http_request",
                    configuration: configuration
                )
            ).effect
        }
        #expect(try effect([:]) == .unsafe)
        #expect(try effect(["methods": ["GET", "HEAD"]]) == .idempotent)
        #expect(try effect(["methods": ["GET", "DELETE"]]) == .unsafe)
    }

    @Test func methodsThatAreNotAllowed() async throws {
        try await HTTPBench.with { bench in
            let configuration: JSONValue = ["allowed_hosts": ["a.example"], "methods": ["GET"]]
            let result = try await bench.call(
                "http_request",
                ["url": "https://a.example/", "method": "POST"],
                configuration
            )
            #expect(result.error?.code == .denied)
        }
    }

    private func gzipped(zeros: Int) throws -> [UInt8] {
        let pipe = try #require(popen("head -c \(zeros) /dev/zero | gzip -9c", "r"))
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
