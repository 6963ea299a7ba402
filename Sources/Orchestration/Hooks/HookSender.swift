internal import Definitions
internal import HTTP
internal import HTTPTypes
internal import JSON
package import Store
package import Tools

/// Sends deliveries to the receivers of hooks.
///
/// The addresses of a receiver are held to the rules of the HTTP tools: every address of its host is inspected, and the
/// connection is made to one of those. Redirects are not followed.
package struct HookSender: Sendable {
    private let services: ToolServices

    /// The most addresses of a host that are tried.
    private static let maximumAddresses = 3
    /// What is read of an answer, so that its connection can be used again.
    private static let maximumAnswerBytes = 64 << 10

    /// - Parameter services: Speaks HTTP, and knows secrets by the names of their variables.
    package init(services: ToolServices) {
        self.services = services
    }

    /// Sends a delivery once.
    ///
    /// - Parameters:
    ///   - delivery: What is sent.
    ///   - now: Seconds since 1970: the timestamp that is signed.
    package func send(_ delivery: ClaimedDelivery, now: Int64) async -> HookOutcome {
        guard let client = services.http else { return .failed("this process cannot speak HTTP") }
        let target = HookTarget(document: delivery.document)
        var secrets: [String] = []
        for name in target.secretVariables {
            guard let secret = services.secrets.value(named: name) else {
                return .failed("the variable \(name) is not set where the worker runs")
            }
            guard HookSignature.isSecret(secret) else {
                return .failed("the variable \(name) holds no secret: whsec_ and Base64, or any other text")
            }
            secrets.append(secret)
        }
        let address: WebAddress
        do throws(WebAddress.Malformed) { address = try WebAddress(target.url) } catch {
            return .failed("the URL is not right: \(error.message)", isFinal: true)
        }
        let addresses: [IPAddress]
        do throws(HTTPClientError) { addresses = try await services.resolver.addresses(of: address.host) } catch {
            return .failed("\(address.host): \(error.message)")
        }
        for candidate in addresses {
            guard let kind = candidate.refusal(allowsPrivate: target.allowsPrivate) else { continue }
            return .failed("\(address.origin) may not be asked: it stands for \(kind)", isFinal: true)
        }
        guard address.isSecure || addresses.allSatisfy({ $0.reach != .public }) else {
            return .failed("\(address.origin) is http: another network's receiver needs https", isFinal: true)
        }
        let body = Array(delivery.body.utf8)
        var headers: HTTPFields = [:]
        do throws(HTTPClientError) {
            for (name, value) in target.headers { headers.append(try HTTPField(checking: name, value)) }
            headers[.contentType] = "application/json"
            headers[.userAgent] = "agentctl/\(Release.current)"
            for (name, value) in [
                ("webhook-id", delivery.webhookID), ("webhook-timestamp", "\(now)"),
                (
                    "webhook-signature",
                    HookSignature(secrets: secrets).header(id: delivery.webhookID, timestamp: now, body: body)
                ),
            ] { headers.append(try HTTPField(checking: name, value)) }
        } catch {
            return .failed("the request cannot be sent: \(error.message)", isFinal: true)
        }
        return await post(body, headers, to: address, at: addresses, target.timeout, client)
    }

    private func post(
        _ body: [UInt8],
        _ headers: HTTPFields,
        to address: WebAddress,
        at addresses: [IPAddress],
        _ timeout: Duration,
        _ client: HTTPClient
    ) async -> HookOutcome {
        let end = ContinuousClock.now + timeout
        var failure = HTTPClientError(.connect, "there is no address")
        for candidate in addresses.prefix(Self.maximumAddresses) {
            let left = max(.milliseconds(1), end - .now)
            let request = HTTPClientRequest(
                method: .post,
                url: address.url,
                headers: headers,
                body: body,
                connectTimeout: min(.seconds(5), left),
                idleTimeout: left,
                totalTimeout: left,
                maximumBodyBytes: Self.maximumAnswerBytes,
                maximumHeadBytes: 64 << 10,
                address: candidate
            )
            do throws(HTTPClientError) {
                let response = try await client.execute(request)
                // What the receiver says beside the status does not matter.
                _ = try? await response.collect()
                return .answered(response.status)
            } catch {
                failure = error
                guard error.code == .connect || error.code == .timeoutConnect, end > .now else { break }
            }
        }
        return .failed("\(address.origin) could not be asked: \(failure.message)")
    }
}
