import Conversation
import Definitions
import HTTP
import HTTPTypes
internal import JSON

/// A request to an API as a row describes it: where its arguments go, and which part of the answer counts.
struct HTTPAPITool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "http_api",
        description: "Calls an API.",
        effect: .unsafe,
        parameters: [],
        configurationMembers: HTTPSettings.members
            + ["url", "method", "query", "body", "form", "result", "success", "redirect_hosts"],
        make: { settings, configuration in HTTPAPITool(settings, configuration) }
    )

    /// How much of a body is told when the status says that it did not work.
    private static let errorBytes = 2_048

    package let settings: ToolSettings
    private let http: HTTPSettings
    private let request: APIRequest?
    private let hosts: [HostRule]
    private let result: String?
    private let success: [Int]

    private init(_ settings: ToolSettings, _ reader: DocumentReader) {
        self.settings = settings
        http = HTTPSettings(reader)
        request = APIRequest(reader, headers: http.headers, specification: settings.specification)
        hosts = reader.hosts("redirect_hosts")
        result = reader.value("result") == .string("") ? "" : reader.string("result", maximumBytes: 1_024)
        if let result, !result.isEmpty, !result.hasPrefix("/") {
            reader.refuse("result", "expected a JSON Pointer such as /data/items")
        }
        let statuses = reader.value("success")?.arrayValue?.map { $0.integerValue.flatMap(Int.init(exactly:)) ?? 0 }
        success = statuses ?? []
        if reader.value("success") != nil, statuses?.allSatisfy({ (200...599).contains($0) }) != true {
            reader.refuse("success", "expected a list of statuses from 200 to 599")
        }
    }

    package var effect: ToolEffect {
        settings.statedEffect
            ?? (request.map { HTTPMessage.safeMethods.contains($0.method) } ?? false ? .idempotent : .unsafe)
    }

    var asksBeforeEffects: Bool { true }

    var truncationHint: String { "Ask for less, if the arguments allow it." }

    /// Arguments never reach the host.
    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts()
        facts.urls = request.map { [$0.originURL] } ?? []
        return facts
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let request, let host = request.host else {
            throw ToolError(.configuration, "There is no URL.", isFatal: true)
        }
        var secrets: [String: String] = [:]
        for name in request.secretNames { secrets[name] = try context.secret(named: name) }
        let mask = SecretMask(secrets.values)
        do throws(ToolError) {
            var message = try request.message(for: arguments.objectValue ?? [:], secrets: secrets)
            message.addUsualHeaders(in: context)
            let courier = HTTPCourier(
                tool: specification.name,
                policy: HTTPPolicy(hosts: [host] + hosts, allowsPrivate: http.allowsPrivate),
                maximumBodyBytes: http.maximumBytes,
                timeout: limits.timeout
            )
            return try output(of: try await courier.send(message, in: context), mask)
        } catch {
            throw mask.mask(error)
        }
    }

    private func output(of answer: HTTPAnswer, _ mask: SecretMask) throws(ToolError) -> ToolOutput {
        let isGood = success.isEmpty ? (200...299).contains(answer.status) : success.contains(answer.status)
        guard isGood else {
            let retry = answer.headers.first(name: "retry-after").map { " (retry after \($0.prefix(utf8: 40)))" } ?? ""
            throw ToolError(
                .failed,
                "The API answered with status \(answer.status)\(retry): \(excerpt(of: answer, mask))"
            )
        }
        guard let json = answer.json else {
            guard result == nil else {
                throw ToolError(.failed, "The API's answer is not JSON, or too large: \(excerpt(of: answer, mask))")
            }
            return ToolOutput(
                mask.mask(answer.shownBody),
                truncated: answer.isCut,
                value: answer.text.map { .string(mask.mask($0)) }
            )
        }
        guard let selected = json.value(at: result ?? "") else {
            throw ToolError(.failed, "The API's answer has nothing at \(result ?? ""): \(excerpt(of: answer, mask))")
        }
        let masked = mask.mask(selected)
        return ToolOutput(masked.stringValue ?? masked.prettyText, value: masked)
    }

    /// The beginning of a body, masked before it is cut: half a secret is one too.
    private func excerpt(of answer: HTTPAnswer, _ mask: SecretMask) -> String {
        let text = mask.mask(answer.shownBody)
        let cut = text.prefix(utf8: Self.errorBytes)
        return cut + (cut.utf8.count < text.utf8.count ? "…" : "")
    }
}
