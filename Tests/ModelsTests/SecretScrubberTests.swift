import Synchronization
import Testing

@testable import Models

@Suite struct SecretScrubberTests {
    @Test(arguments: [
        ("Incorrect API key provided: sk-abcd1234efgh.", "Incorrect API key provided: [key]."),
        ("key my-own-secret is bad", "key [key] is bad"),
        ("Authorization: Bearer short", "Authorization: Bearer [key]"),
        ("token 0123456789abcdef0123456789abcdef", "token [key]"),
        ("Incorrect key: sk-ab***********wxyz", "Incorrect key: [key]"),
        ("The model `llama-3.1-8b-instruct-q4` does not exist", "The model `llama-3.1-8b-instruct-q4` does not exist"),
        ("prompt was: What is the launch code?", "prompt was: [prompt]"),
        ("line\nbreak\u{1B}[31m\u{0}", "line break [31m "), ("", ""),
    ])
    func scrubs(text: String, expected: String) {
        let scrubber = SecretScrubber(secrets: ["my-own-secret", ""], prompts: ["What is the launch code?", "is"])
        #expect(scrubber.scrub(text, maximumBytes: 200) == expected)
    }

    /// Servers cut what they repeat, and so does the scrubber's own bound.
    @Test func promptsThatAreRepeatedInPart() {
        let prompt = "Tell me all about the " + String(repeating: "secret plan ", count: 1_000)
        let scrubber = SecretScrubber(prompts: [prompt])
        #expect(scrubber.scrub("bad: \(prompt.prefix(40))… end", maximumBytes: 100) == "bad: [prompt]… end")
        #expect(scrubber.scrub("bad: \(prompt) end", maximumBytes: 100) == "bad: [prompt]")
        #expect(scrubber.scrub("Tell me all", maximumBytes: 100) == "Tell me all")
    }

    /// Almost no request fails: its words are not gathered before there is an error.
    @Test func promptsAreAskedForWhenThereIsAText() {
        let count = Mutex(0)
        @Sendable func prompts() -> [String] {
            count.withLock { $0 += 1 }
            return ["What is the launch code?"]
        }
        let scrubber = SecretScrubber(prompts: prompts())
        #expect(count.withLock { $0 } == 0)
        #expect(scrubber.scrub("What is the launch code?", maximumBytes: 100) == "[prompt]")
        #expect(count.withLock { $0 } == 1)
    }

    @Test func boundsTheText() {
        let text = SecretScrubber().scrub(String(repeating: "word ä ", count: 100_000), maximumBytes: 100)
        #expect(text.utf8.count <= 103)
        #expect(text.hasSuffix("…"))
    }
}
