import JSON

/// What the agents that are measured are made of.
enum Documents {
    /// What every user says.
    static let question =
        "Please tell me in one sentence what a relational database promises about a committed transaction."
    /// What every model answers.
    static let answer =
        "A committed transaction stays committed: its changes survive a crash of the server and of the machine."

    /// An agent that answers by rules, without a network.
    static let offline: [JSONValue] = [
        [
            "kind": "model", "name": "offline", "provider": "rules",
            "rules": [["otherwise": .string(answer)]],
        ],
        ["kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"],
        agent("assistant", model: "offline"),
    ]

    /// An agent over the mock model, named `networked`.
    ///
    /// - Parameter url: The model's base URL.
    static func networked(_ url: String) -> [JSONValue] {
        [
            [
                "kind": "model", "name": "mock", "provider": "openai", "base_url": .string(url), "model": "mock-1",
                "prices": ["input": 1, "cached_input": 0.5, "output": 2],
            ],
            agent("networked", model: "mock"),
        ]
    }

    private static func agent(_ name: String, model: String) -> JSONValue {
        [
            "kind": "agent", "name": .string(name), "model": .string(model), "tools": ["calculator"],
            "system_prompt": "You are a concise assistant. Use the tools for arithmetic; never guess a result.",
        ]
    }
}
