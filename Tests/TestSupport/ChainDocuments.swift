/// Agents that answer by rules, and chains of them.
public enum ChainDocuments {
    /// Worker, Other and Third say what they did; Clerk says a JSON object; Broken always fails.
    public static let agents = """
        [{"kind": "model", "name": "echo", "provider": "rules", "rules": [
            {"when": "^Urgent", "say": "yes"}, {"when": "(?s)^(.+)$", "say": "did: $1"}]},
         {"kind": "model", "name": "json", "provider": "rules", "rules": [
            {"when": "(?s)^(.+)$", "say": "{\\"score\\": 0.5, \\"sources\\": [\\"a\\", \\"b\\"]}"}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "agent", "name": "Worker", "model": "echo"},
         {"kind": "agent", "name": "Other", "model": "echo", "capabilities": ["other"]},
         {"kind": "agent", "name": "Third", "model": "echo"},
         {"kind": "agent", "name": "Clerk", "model": "json"},
         {"kind": "agent", "name": "Broken", "model": "echo", "output_schema": {"type": "object"}, "output_retries": 0}]
        """

    /// Three stages, each with the output of the one before.
    public static let sequence = """
        {"kind": "chain", "name": "sequence", "strategy": "sequential", "stages": [
            {"name": "first", "agent": "Worker"}, {"name": "second", "capabilities": ["other"], "input": "2 {{previous}}"},
            {"agent": "Third", "input": "3 {{nodes.first}} / {{nodes.second}}"}]}
        """

    /// Four branches, one of which fails, two at once.
    public static func parallel(onFailure: String = "collect") -> String {
        """
        {"kind": "chain", "name": "parallel", "strategy": "parallel", "max_parallel": 2, "on_failure": "\(onFailure)",
         "branches": [{"name": "a", "agent": "Worker"}, {"name": "b", "agent": "Broken"}, {"name": "c", "agent": "Other"},
                      {"name": "d", "agent": "Third"}]}
        """
    }

    /// The files of the input, two at once.
    public static let each = """
        {"kind": "chain", "name": "each", "strategy": "parallel", "for_each": "{{input.files}}", "agent": "Worker",
         "input": "Review {{item}}", "max_parallel": 2}
        """

    /// Three voters, one of whom always fails.
    public static let vote = """
        {"kind": "chain", "name": "vote", "strategy": "consensus", "question": "Urgent? {{input}}",
         "voters": [{"agent": "Worker", "weight": 2}, {"agent": "Other"}, {"agent": "Broken"}],
         "answer": {"options": ["yes", "no"]}, "decide": {"quorum": 2}}
        """

    /// A tool between two agents, within a chain.
    public static let nested = """
        {"kind": "chain", "name": "nested", "strategy": "sequential", "stages": [
            {"name": "inner", "chain": "sequence"}, {"tool": "calculator", "arguments": {"expression": "1+2"}},
            {"name": "last", "agent": "Worker", "input": "{{nodes.inner}} and {{nodes.calculator}}"}]}
        """

    /// A loop of at most three rounds, state with a reducer, and a way for its limit.
    public static let graph = """
        {"kind": "chain", "name": "graph", "strategy": "graph",
         "state": {"drafts": {"schema": {"type": "array"}, "reduce": "append"}, "score": {"schema": {"type": "number"}}},
         "nodes": [
            {"name": "write", "agent": "Worker", "input": "{{input}} {{loop.iteration}}", "write": {"drafts": "{{output}}"}},
            {"name": "review", "agent": "Clerk", "input": "{{nodes.write}}", "write": {"score": "{{output.score}}"},
             "output_schema": {"type": "object", "required": ["score"]}},
            {"name": "publish", "agent": "Other", "input": "{{state.drafts}} at {{state.score}}"}],
         "edges": [{"from": "write", "to": "review"}, {"from": "review", "to": "write", "otherwise": true, "loop": 3},
                   {"from": "review", "to": "publish", "when": {"output.score": {"minimum": 0.8}}},
                   {"from": "review", "to": "publish", "upon": "limit"}]}
        """

    /// An operator decides between two agents.
    public static func gate(handlesDenial: Bool) -> String {
        let way = handlesDenial ? #", "when": {"output.approved": {"const": true}}"# : ""
        let other = handlesDenial ? #", {"from": "ask", "to": "sorry", "otherwise": true}"# : ""
        let sorry = handlesDenial ? #", {"name": "sorry", "agent": "Third", "input": "sorry"}"# : ""
        return """
            {"kind": "chain", "name": "gate", "strategy": "graph",
             "nodes": [{"name": "draft", "agent": "Worker"}, {"name": "side", "agent": "Other"},
                       {"name": "ask", "kind": "approval", "message": "Publish {{nodes.draft}}?", "timeout": 60},
                       {"name": "publish", "agent": "Third", "input": "publish {{nodes.draft}}"}\(sorry)],
             "edges": [{"from": "draft", "to": "ask"}, {"from": "draft", "to": "side"},
                       {"from": "ask", "to": "publish"\(way)}\(other)]}
            """
    }

    /// A manager who plans for two specialists, of whom the second delegates, to one who delegates: three levels below it.
    public static let hierarchy = """
        [{"kind": "model", "name": "lead", "provider": "rules", "rules": [
            {"when": "^Plan how", "say": "{\\"subtasks\\": [{\\"name\\": \\"find\\", \\"agent\\": \\"Worker\\", \\"description\\": \\"find\\"}, {\\"name\\": \\"judge\\", \\"agent\\": \\"Middle\\", \\"description\\": \\"judge\\", \\"after\\": [\\"find\\"]}]}"},
            {"when": "^judge", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Low", "task": "look"}, {"agent": "Worker", "task": "weigh"}]}}, "then": "judged"},
            {"when": "^look", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Third", "task": "see"}]}}, "then": "looked"},
            {"when": "(?s)^Request: (.*)$", "say": "All of it: $1"}]},
         {"kind": "agent", "name": "Lead", "model": "lead"},
         {"kind": "agent", "name": "Middle", "model": "lead", "delegates": ["Low", "Worker"], "chain_strategy": "parallel"},
         {"kind": "agent", "name": "Low", "model": "lead", "delegates": ["Third"]},
         {"kind": "chain", "name": "hierarchy", "strategy": "hierarchical", "manager": "Lead",
          "specialists": ["Worker", "Middle"]}]
        """

    /// Triage hands everything over to Billing.
    public static let handoff = """
        [{"kind": "model", "name": "triage", "provider": "rules", "rules": [
            {"when": ".", "call": {"tool": "handoff", "arguments": {"agent": "Billing"}}, "then": "unused"}]},
         {"kind": "agent", "name": "Triage", "model": "triage"}, {"kind": "agent", "name": "Billing", "model": "echo"},
         {"kind": "chain", "name": "handoff", "strategy": "handoff", "start": "Triage", "to": {"Triage": ["Billing"]}}]
        """

    /// So many branches at once.
    public static func fan(_ branches: Int) -> String {
        """
        {"kind": "chain", "name": "fan", "strategy": "parallel", "max_parallel": \(branches),
         "branches": [\(Array(repeating: #"{"agent": "Worker"}"#, count: branches).joined(separator: ", "))]}
        """
    }
}
