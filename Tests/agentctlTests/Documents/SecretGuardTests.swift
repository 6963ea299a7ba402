import JSON
import Testing

@testable import agentctl

struct SecretGuardTests {
    @Test func keysAndPasswordsAreTakenOutAndToldWithoutTheirValues() {
        var document: JSONValue = [
            "kind": "tool", "api_key": "sk-1", "API-Key": "sk-2",
            "configuration": ["token": "t", "list": [["password": "p"]]],
            "api_key_env": "sk-live-3",
        ]
        let findings = SecretGuard.redact(&document)
        #expect(
            findings.map(\.path)
                == ["api_key", "API-Key", "configuration.token", "configuration.list[0].password", "api_key_env"]
        )
        #expect(!document.text.contains("sk-") && !"\(findings)".contains("sk-"))
    }

    @Test func namesOfVariablesSchemasRulesAndLimitsAreLeftAlone() {
        let original: JSONValue = [
            "kind": "model", "api_key_env": "OPENAI_API_KEY", "max_tokens_field": "max_tokens",
            "input_schema": ["properties": ["password": ["type": "string"]], "key": "x"], "rules": [["token": "x"]],
            "token": 5,
        ]
        var document = original
        #expect(SecretGuard.redact(&document) == [])
        #expect(document == original)
    }

    @Test func aToolNamesItsSecretsAndHasPlacesForArguments() {
        let original: JSONValue = [
            "kind": "tool",
            "configuration": [
                "headers": ["Authorization": ["secret": "ORDERS_TOKEN", "prefix": "Bearer "]],
                "query": ["key": ["secret": "orders_key"], "token": "{token}"],
                "form": ["password": ["secret": "PASSWORD_2"], "secret": ["secret": "S"]],
                "body": ["authorization": "Bearer {token}"],
            ],
            "steps": [["tool": "x", "arguments": ["key": "{{input.key}}", "token": "{{steps.login.token}}"]]],
        ]
        var document = original
        #expect(SecretGuard.redact(&document) == [])
        #expect(document == original)
    }

    @Test(arguments: [
        (#"{"headers": {"Authorization": {"secret": "sk-live-3"}}}"#, "headers.Authorization.secret"),
        (#"{"headers": {"X": {"secret": "sk_live_4eC39HqLyjWDarjtT1"}}}"#, "headers.X.secret"),
        (#"{"headers": {"Authorization": "Bearer 4eC39HqLyjWDarjtT1"}}"#, "headers.Authorization"),
        (#"{"query": {"key": "4eC39HqL{x}"}}"#, "query.key"), (#"{"query": {"secret": "abc"}}"#, "query.secret"),
        (#"{"form": {"password": "{not:a:name}"}}"#, "form.password"), (#"{"secret": "ABC"}"#, "secret"),
        (#"{"body": {"login": {"secret": "ABC"}}}"#, "body.login.secret"),
    ]
    )
    func whatIsAKeyAndNoNameIsRefusedWhereverItStands(configuration: String, path: String) throws {
        var document: JSONValue = ["kind": "tool", "configuration": try JSONValue(parsing: configuration)]
        let findings = SecretGuard.redact(&document)
        #expect(findings.map(\.path) == ["configuration.\(path)"])
        #expect(!document.text.contains("4eC39HqL") && !document.text.contains("live"))
    }
}
