import Glibc
import HTTP
import Testing

@testable import Conversation
@testable import Models

/// A real server, where `AGENTCTL_TEST_MODEL_URL` names one that speaks every dialect, such as that of llama.cpp.
///
/// `AGENTCTL_TEST_MODEL` is the id of the model, and `AGENTCTL_TEST_MODEL_PROVIDERS` names providers if not all are spoken.
@Suite(.enabled(if: variable("AGENTCTL_TEST_MODEL_URL") != nil), .serialized)
struct RealModelTests {
    @Test(arguments: providers)
    func doesWhatAgentsNeed(provider: String) async throws {
        let http = HTTPClient()
        let model = Model(
            name: "real",
            versionID: 1,
            provider: provider,
            baseURL: variable("AGENTCTL_TEST_MODEL_URL"),
            modelID: variable("AGENTCTL_TEST_MODEL") ?? "default"
        )
        var probe = ModelProbe(try ModelProviderFactory(http: http, environment: [:]).provider(for: model))
        let report = await probe.run()
        await http.shutdown()
        #expect(report.failure == nil)
        for ability in [ModelProbe.Ability.chat, .stream, .tools, .schema, .usage] {
            #expect(report.trials.first { $0.ability == ability }?.outcome == .works, "\(report.trials)")
        }
    }
}

private let providers = (variable("AGENTCTL_TEST_MODEL_PROVIDERS") ?? "openai,anthropic,openai_responses")
    .split(separator: ",").map(String.init)

private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
