import JSON
import Testing

@testable import agentctl

struct SecretGuardTests {
    @Test("Keys and passwords are taken out and told, without their values")
    func secrets() {
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

    @Test("Names of variables, schemas, rules and limits are left alone")
    func harmless() {
        let original: JSONValue = [
            "kind": "model", "api_key_env": "OPENAI_API_KEY", "max_tokens_field": "max_tokens",
            "input_schema": ["properties": ["password": ["type": "string"]], "key": "x"], "rules": [["token": "x"]],
            "token": 5,
        ]
        var document = original
        #expect(SecretGuard.redact(&document) == [])
        #expect(document == original)
    }
}
