import Conversation
import HTTP
import HTTPTypes
import Models
import TestSupport

/// How long it takes until each fault of a server is known for what it is.
struct WireFaults {
    let plan: Plan

    private static let silence: Duration = .milliseconds(200)

    /// What a server does wrong, and what that is to be called.
    private static let faults: [(name: String, reply: MockModelReply, code: ModelError.Code)] = [
        ("status 500", .error(status: 500), .server),
        ("status 529", .error(status: 529), .server),
        ("status 429", .error(status: 429, retryAfter: 1), .rateLimited),
        ("status 401", .error(status: 401), .authentication),
        ("no money", .error(status: 429, message: "insufficient_quota", type: "insufficient_quota"), .exhausted),
        ("too long", .error(status: 400, message: "maximum context length exceeded"), .contextExceeded),
        ("a web page", .response(.text("<!DOCTYPE html><html></html>")), .malformed),
        ("no JSON", .notJSON, .truncated),
        ("no choices", .noChoices, .truncated),
        ("nothing", .text(""), .empty),
        ("the connection is cut", .cut(after: "Once upon"), .truncated),
        ("silence of 200 ms, idle_timeout", .hang(after: "Once upon"), .timeout),
        ("no first token for 200 ms", .response(.hang), .timeout),
    ]

    func measurements() async throws -> [Measurement] {
        let http = HTTPClient(logger: .silent)
        let measured: Result<[Measurement], any Error>
        do { measured = .success(try await measure(http)) } catch { measured = .failure(error) }
        await http.shutdown()
        return try measured.get()
    }

    private func measure(_ http: HTTPClient) async throws -> [Measurement] {
        var rows: [Measurement] = []
        for fault in Self.faults {
            let row = try await withMockModel(keepsRequests: false) { _ in
                fault.reply
            } perform: { model in
                try await time(fault.name, at: model.baseURL, fault.code, http)
            }
            rows.append(row)
        }
        // A port on which nobody listens any more.
        let gone = try await withMockModel { _ in
            .text("")
        } perform: {
            $0.baseURL
        }
        rows.append(try await time("nobody listens", at: gone, .unreachable, http))
        return rows
    }

    private func time(
        _ name: String,
        at url: String,
        _ expected: ModelError.Code,
        _ http: HTTPClient
    ) async throws -> Measurement {
        let waits = expected == .timeout
        let isFirst = name.contains("first")
        var model = Model(
            name: "m",
            versionID: 1,
            provider: "openai",
            baseURL: url,
            modelID: "m",
            idleTimeout: waits && !isFirst ? Self.silence : .seconds(20)
        )
        if isFirst { model.firstTokenTimeout = Self.silence }
        let provider = try ModelProviderFactory(http: http, environment: [:]).provider(for: model)
        var samples = Samples()
        var codes: Set<String> = []
        for _ in 0..<(plan.isQuick ? 2 : 20) {
            let began = ContinuousClock.now
            do throws(ModelError) {
                _ = try await provider.respond(to: ModelRequest(messages: [.user(Documents.question)])) { _ in }
                codes.insert("answered")
            } catch {
                codes.insert(error.code.description)
            }
            samples.add(began.duration(to: .now) / .milliseconds(1))
        }
        let most = waits ? 1_000.0 : 250
        return Measurement(
            subject: "Until the fault is known: \(name)",
            measured: "\(Format.milliseconds(samples.median)), at most \(Format.milliseconds(samples.greatest))",
            comparison: codes.sorted().joined(separator: ", "),
            target: .init(
                text: "\(expected), ≤ \(Format.milliseconds(most))",
                isMet: codes == [expected.description] && samples.greatest <= most
            )
        )
    }
}
