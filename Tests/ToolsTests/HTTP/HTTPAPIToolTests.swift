import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Tools

@Suite struct HTTPAPIToolTests {
    private let schema: JSONValue = [
        "type": "object",
        "properties": [
            "id": ["type": "string"], "limit": ["type": "integer", "default": 10], "tags": ["type": "array"],
            "note": ["type": "string"], "extra": [:],
        ],
    ]

    private func configuration(_ server: MockServer, _ path: String, _ more: JSONObject = [:]) -> JSONValue {
        var configuration: JSONObject = ["url": .string(server.url + path), "allow_private": true]
        for member in more { configuration[member.key] = member.value }
        return .object(configuration)
    }

    @Test func putsArgumentsInTheirPlaces() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .json(["data": ["items": [1, 2]]])
            } perform: { server in
                var bench = bench
                bench.secrets = ["KEY": "k&y="]
                let row = configuration(
                    server,
                    "/users/{id}/x-{limit}",
                    [
                        "method": "POST", "result": "/data/items",
                        "query": [
                            "limit": "{limit}", "tag": "{tags}", "q": "a {id}&", "key": ["secret": "KEY"],
                            "none": "{note}",
                        ],
                        "headers": ["X-Id": "id {id}", "X-None": "{note}"],
                        "body": [
                            "id": "{id}", "n": "{limit}", "text": "<{id}> {{x}}", "list": ["{extra}", "{note}"],
                            "none": "{note}",
                        ],
                    ]
                )
                let arguments: JSONValue = [
                    "id": "a/b?c#d%2F é", "tags": ["x y", "&z=1"], "extra": ["deep": "{limit} {id}"],
                ]
                let result = try await bench.call("http_api", arguments, row, schema: schema)
                #expect(result.error == nil, "\(result.output.text)")
                #expect(result.output.value == [1, 2])
                #expect(result.output.text == "[\n  1,\n  2\n]")
                let request = try #require(await server.requests.first)
                #expect(
                    request.path == "/users/a%2Fb%3Fc%23d%252F%20%C3%A9/x-10?limit=10&tag=x%20y&tag=%26z%3D1"
                        + "&q=a%20a%2Fb%3Fc%23d%252F%20%C3%A9%26&key=k%26y%3D"
                )
                #expect(request.headers.first(name: "x-none") == nil)
                #expect(
                    try JSONValue(parsing: request.text)
                        == [
                            "id": "a/b?c#d%2F é", "n": 10, "text": "<a/b?c#d%2F é> {x}",
                            "list": [["deep": "{limit} {id}"]],
                        ]
                )
            }
        }
    }

    @Test func sendsForms() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("done")
            } perform: { server in
                let row = configuration(server, "", ["form": ["id": "{id}", "fixed": "a b", "none": "{note}"]])
                let result = try await bench.call("http_api", ["id": "x&fixed=2"], row, schema: schema)
                #expect(result.output == ToolOutput("done", value: "done"))
                let request = try #require(await server.requests.first)
                #expect(request.method == "POST" && request.path == "/")
                #expect(request.text == "id=x%26fixed%3D2&fixed=a%20b")
                #expect(request.headers.first(name: "content-type") == "application/x-www-form-urlencoded")
            }
        }
    }

    /// 307 and 308 keep the body: a secret in it would go along.
    @Test(arguments: [301, 302, 303, 307, 308])
    func aSecretInAFormGoesToNoOtherServer(status: Int) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("end")
            } perform: { other in
                try await withMockServer { request in
                    request.path == "/start"
                        ? .text("", status: status, headers: [HTTPField("Location", "/same")])
                        : .text("", status: status, headers: [HTTPField("Location", other.url + "/steal")])
                } perform: { server in
                    var bench = bench
                    bench.secrets = ["TOKEN": "s3cret-value"]
                    let more: JSONObject = [
                        "form": ["a": "1", "token": ["secret": "TOKEN"]],
                        "redirect_hosts": [.string("127.0.0.1:\(other.port)")],
                    ]
                    let result = try await bench.call(
                        "http_api",
                        [:],
                        configuration(server, "/start", more),
                        schema: schema
                    )
                    for request in await other.requests { #expect(!request.text.contains("s3cret")) }
                    let isKept = status > 303
                    #expect(await server.requests.last?.text.contains("s3cret-value") == isKept)
                    #expect(result.error?.code == (isKept ? .denied : nil), "\(result.output.text)")
                    #expect(await other.requests.count == (isKept ? 0 : 1))
                }
            }
        }
    }

    @Test(arguments: ["..", ".", ""])
    func argumentsDoNotLeadUp(id: String) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                for path in ["/users/{id}", "/users/{id}/posts"] {
                    let row = configuration(server, path)
                    let result = try await bench.call("http_api", ["id": .string(id)], row, schema: schema)
                    #expect(result.error?.code == .invalidArguments)
                }
                // Also when two arguments make one segment.
                let row = configuration(server, "/users/{id}{note}")
                let result = try await bench.call("http_api", ["id": ".", "note": "."], row, schema: schema)
                #expect(result.error?.code == .invalidArguments)
                #expect(await server.requests.count == 0)
            }
        }
    }

    @Test(arguments: ["x\r\nX-Evil: 1", "x\nY: 1", "x\0"])
    func argumentsDoNotMakeHeaders(id: String) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("reached")
            } perform: { server in
                let row = configuration(server, "/", ["headers": ["X-Id": "{id}"]])
                let result = try await bench.call("http_api", ["id": .string(id)], row, schema: schema)
                #expect(result.error?.code == .invalidArguments)
                // In the path they are encoded.
                let path = configuration(server, "/{id}")
                _ = try await bench.call("http_api", ["id": "x\r\nX: 1"], path, schema: schema)
                #expect(await server.requests.map(\.path) == ["/x%0D%0AX%3A%201"])
            }
        }
    }

    @Test func statusesThatDoNotCount() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { request in
                let echo = request.headers.first(name: "authorization") ?? ""
                let body = "Not here. You sent \(echo). " + String(repeating: "x", count: 5_000)
                return .text(body, status: 404, headers: [HTTPField("Retry-After", "7")])
            } perform: { server in
                var bench = bench
                bench.secrets = ["KEY": "s3cret-key"]
                let row = configuration(
                    server,
                    "/",
                    ["headers": ["Authorization": ["secret": "KEY", "prefix": "Bearer "]]]
                )
                let result = try await bench.call("http_api", [:], row, schema: schema)
                let message = try #require(result.error?.message)
                #expect(
                    message.hasPrefix(
                        "The API answered with status 404 (retry after 7): Not here. You sent Bearer [secret]."
                    )
                )
                #expect(message.utf8.count < 2_300 && !message.contains("s3cret"))
                #expect(await server.requests.first?.headers.first(name: "authorization") == "Bearer s3cret-key")
                let allowed = configuration(server, "/", ["success": [404]])
                #expect(try await bench.call("http_api", [:], allowed, schema: schema).error == nil)
            }
        }
    }

    @Test(arguments: [("/data/2", "nothing at /data/2"), ("/x~1y", "nothing at /x~1y")])
    func resultsThatAreNotThere(pointer: String, message: String) async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .json(["data": [1]])
            } perform: { server in
                let result = try await bench.call(
                    "http_api",
                    [:],
                    configuration(server, "/", ["result": .string(pointer)])
                )
                #expect(result.error?.message.contains(message) == true)
            }
            try await withMockServer { _ in
                .text("<html>")
            } perform: { server in
                let result = try await bench.call("http_api", [:], configuration(server, "/", ["result": "/data"]))
                #expect(result.error?.message.contains("not JSON") == true)
            }
        }
    }

    @Test func privateAddressesAndRedirectsAreDenied() async throws {
        try await HTTPBench.with { bench in
            try await withMockServer { _ in
                .text("", status: 302, headers: [HTTPField("Location", "http://localhost/")])
            } perform: { server in
                let row: JSONValue = ["url": .string(server.url)]
                let first = try await bench.call("http_api", [:], row)
                let second = try await bench.call("http_api", [:], configuration(server, "/"))
                #expect([first, second].map { $0.error?.code } == [.denied, .denied])
                #expect(bench.recorder.drain().events.map(\.kind) == [.deniedHost, .deniedHost])
                #expect(await server.requests.count == 1)
            }
        }
    }

    @Test(
        arguments: [
            ([:], "configuration"), (["url": "https://{id}.example.com/"], "configuration.url"),
            (["url": "https://example.com:{id}/"], "configuration.url"),
            (["url": "https://a@example.com/"], "configuration.url"),
            (["url": "ftp://example.com/"], "configuration.url"), (["url": "{id}"], "configuration.url"),
            (["url": "https://example.com/?q={id}"], "configuration.url"),
            (["url": "https://example.com/{i d}"], "configuration.url"),
            (["url": "https://example.com/{idd}"], "configuration"),
            (["url": "https://example.com/", "query": ["a": "{"]], "configuration.query.a"),
            (["url": "https://example.com/", "body": [:], "form": [:]], "configuration.form"),
            (["url": "https://example.com/", "method": "GET", "body": [:]], "configuration.method"),
            (["url": "https://example.com/", "method": "BREW"], "configuration.method"),
            (["url": "https://example.com/", "result": "data"], "configuration.result"),
            (["url": "https://example.com/", "success": [1]], "configuration.success"),
            (["url": "https://example.com/", "urll": "x"], "configuration.urll"),
        ] as [(JSONValue, String)]
    )
    func rowsThatAreRefused(configuration: JSONValue, path: String) throws {
        let definition = ToolDefinition(
            name: "t",
            versionID: 1,
            implementation: "http_api",
            inputSchema: schema,
            configuration: configuration
        )
        let error = #expect(throws: ToolError.self) { try ToolFactory().tool(for: definition) }
        #expect(error?.problems.map(\.path).contains(path) == true, "\(error?.problems ?? [])")
    }

    @Test func theEffectFollowsFromTheMethod() throws {
        func effect(_ method: String) throws -> ToolEffect {
            let configuration: JSONValue = ["url": "https://example.com/", "method": .string(method)]
            return try ToolFactory().tool(
                for: ToolDefinition(name: "t", versionID: 1, implementation: "http_api", configuration: configuration)
            ).effect
        }
        #expect(try effect("GET") == .idempotent)
        #expect(try effect("DELETE") == .unsafe)
        #expect(try effect("POST") == .unsafe)
    }
}
