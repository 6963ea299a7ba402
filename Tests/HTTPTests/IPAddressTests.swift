import HTTP
import TestSupport
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
        "11.0.0.0",
        "192.167.255.255", "192.169.0.0", "169.253.255.255", "198.17.0.0", "198.20.0.0", "223.255.255.255",
        "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2400::1", "3ffe::1",
    ])
    func publicAddresses(text: String) throws {
        #expect(try #require(IPAddress(text)).reach == .public)
    }

    @Test(arguments: [
        "10.0.0.1", "10.255.255.255", "127.0.0.1", "127.255.255.254", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
        "203.0.113.9", "192.88.99.1", "::1", "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
        "64:ff9b::8.8.8.8", "64:ff9b:1::10.0.0.1", "2002:0808:0808::1", "2002:7f00:1::", "2001::f5ff:fffe",
        "2001:db8::1",
        "3fff::1",
        "2001:10::1", "100::1", "5f00::1", "::ffff:0:127.0.0.1", "2a00::5efe:10.0.0.1", "2a00::200:5efe:8.8.8.8",
        "fec0::1",
    ])
    func privateAddresses(text: String) throws {
        guard case .private = try #require(IPAddress(text)).reach else {
            Issue.record("\(text) is \(String(describing: IPAddress(text)?.reach))")
            return
        }
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "ff02::1", "fe80::1", "febf::1",
        "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1",
        "::ffff:0.0.0.0", "2001::1", "::169.254.169.254",
    ])
    func addressesThatNothingGoesTo(text: String) throws {
        guard case .never = try #require(IPAddress(text)).reach else {
            Issue.record("\(text) is \(String(describing: IPAddress(text)?.reach))")
            return
        }
    }

    @Test(arguments: [
        "", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "1.2.3", "1.2.3.4.5", "[::1]", "fe80::1%eth0", "a",
        "1.2.3.4\0",
    ])
    func whatIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("::FFFF:1.2.3.4", "::ffff:1.2.3.4"), ("2001:0DB8:0:0::1", "2001:db8::1"), ("1.2.3.4", "1.2.3.4"),
    ])
    func spellings(text: String, usual: String) {
        #expect(IPAddress(text)?.description == usual)
    }

    /// What resolvers make of odd spellings is looked at as any other address.
    @Test(arguments: ["localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1"])
    func theSystemResolves(host: String) async throws {
        let addresses = try await HostResolver.system.addresses(of: host)
        #expect(!addresses.isEmpty)
        for address in addresses { #expect(["127.0.0.1", "::1"].contains(address.description)) }
    }

    @Test func aNameThatDoesNotExist() async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await HostResolver.system.addresses(of: "no-such-host.invalid")
        }
        #expect(error?.code == .resolve)
    }

    @Test func aRequestGoesToItsAddressWhateverTheNameIs() async throws {
        try await withHTTPClient { client in
            try await withMockServer { request in
                .text(request.headers.first(name: "host") ?? "")
            } perform: { server in
                let url = "http://no-such-host.invalid:\(server.port)/x"
                let request = HTTPClientRequest(url: url, address: IPAddress("127.0.0.1"))
                for _ in 0..<2 {
                    let body = try await client.execute(request).collect()
                    #expect(String(decoding: body, as: UTF8.self) == "no-such-host.invalid:\(server.port)")
                }
                #expect(await server.connectionCount == 1)
                // Without an address the name is looked up: nothing was kept of it.
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.execute(HTTPClientRequest(url: url))
                }
                #expect(error?.code == .resolve)
                // A connection that was made by name is not used for a request with an address, and the other way round.
                _ = try await client.execute(HTTPClientRequest(url: server.url)).collect()
                #expect(await server.connectionCount == 2)
                var other = HTTPClientRequest(url: server.url)
                other.address = IPAddress("127.0.0.1")
                _ = try await client.execute(other).collect()
                #expect(await server.connectionCount < 4)
                // Nobody listens there: it is that address that is connected to, and not the URL's.
                other.address = IPAddress("127.0.0.2")
                let refused = await #expect(throws: HTTPClientError.self) { try await client.execute(other) }
                #expect(refused?.code == .connect)
            }
        }
    }
}
