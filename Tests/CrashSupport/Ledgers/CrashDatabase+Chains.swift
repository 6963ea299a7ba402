extension CrashDatabase {
    /// The chains of a run, one of each strategy; a run is named by its message, and so is all that it does.
    public static let chains = ["stages", "branches", "vote", "team", "desk", "rounds"]

    /// What a message to a chain says besides its name.
    public static func words(for chain: String) -> String { chain == "desk" ? " handoff unsafe" : "" }

    /// Agents that work for chains, an agent that runs plans, and the chains.
    ///
    /// - Parameter effects: The base URL of the effect ledger.
    static func chainDocuments(effects: String) -> [String] { [agents, stages(effects), otherChains] }

    private static let agents = """
        [{"kind": "agent", "name": "hand", "model": "mock", "tools": ["pure", "idempotent", "unsafe"], "functions": ["sql"]},
         {"kind": "agent", "name": "greeter", "model": "mock"},
         {"kind": "agent", "name": "lead", "model": "mock"},
         {"kind": "tool", "name": "update_plan", "description": "Keeps a plan.", "implementation": "update_plan"},
         {"kind": "model", "name": "planned", "provider": "plan"},
         {"kind": "agent", "name": "runner", "model": "planned", "tools": ["update_plan", "pure", "unsafe"],
          "functions": ["sql"], "delegates": ["leaf"], "max_iterations": 1000}]
        """

    /// Agents, a tool and a function, one after the other.
    private static func stages(_ effects: String) -> String {
        """
        {"kind": "chain", "name": "stages", "strategy": "sequential",
         "stages": [
            {"name": "first", "agent": "hand", "input": "{{input}}.first unsafe"},
            {"name": "call", "tool": "unsafe", "arguments": {"url": "\(effects)/unsafe/{{input}}.call"}},
            {"name": "book", "function": "sql", "arguments": {"marker": "{{input}}.book"}},
            {"name": "last", "agent": "hand", "input": "{{input}}.last sql+pure after {{nodes.first}}"}]}
        """
    }

    /// A fan-out with a chain in it; a vote, in which all say the number of the run; a hierarchy of three levels; a
    /// handoff; a loop around a fork and a join.
    private static let otherChains = """
        [{"kind": "chain", "name": "branches", "strategy": "parallel", "max_parallel": 2, "budget": {"tokens": 1000000},
          "branches": [{"name": "a", "agent": "hand", "input": "{{input}}.a unsafe"},
            {"name": "b", "agent": "hand", "input": "{{input}}.b sql"},
            {"name": "c", "chain": "stages", "input": "{{input}}.c"},
            {"name": "d", "agent": "leaf", "input": "{{input}}.d unsafe"}]},
         {"kind": "chain", "name": "vote", "strategy": "consensus", "question": "{{input}}.vote",
          "voters": [{"agent": "hand", "weight": 2}, {"agent": "leaf"}, {"agent": "greeter"}],
          "answer": {"normalize": ["number"]}, "decide": {"quorum": 3}},
         {"kind": "chain", "name": "team", "strategy": "hierarchical", "manager": "lead",
          "specialists": ["hand", "low", "middle"]},
         {"kind": "chain", "name": "desk", "strategy": "handoff", "start": "greeter", "to": {"greeter": ["hand"]}},
         {"kind": "chain", "name": "rounds", "strategy": "graph",
          "state": {"drafts": {"schema": {"type": "array"}, "reduce": "append"}},
          "nodes": [
            {"name": "write", "agent": "hand", "input": "{{input}}.write{{loop.iteration}} unsafe",
             "write": {"drafts": "{{output}}"}},
            {"name": "left", "agent": "hand", "input": "{{input}}.left{{loop.iteration}} sql"},
            {"name": "right", "agent": "leaf", "input": "{{input}}.right{{loop.iteration}} unsafe"},
            {"name": "join", "kind": "collect"},
            {"name": "publish", "agent": "hand", "input": "{{input}}.publish pure of {{state.drafts}}"}],
          "edges": [{"from": "write", "to": "left"}, {"from": "write", "to": "right"}, {"from": "left", "to": "join"},
            {"from": "right", "to": "join"}, {"from": "join", "to": "write", "otherwise": true, "loop": 3},
            {"from": "join", "to": "publish", "upon": "limit"}]}]
        """

    /// The plan that the manager of the hierarchy makes for a request, as the model says it.
    static func teamPlan(for name: String, call: Int) -> String {
        """
        {"subtasks": [{"name": "one", "agent": "hand", "description": "\(name).one unsafe"},
         {"name": "two", "agent": "middle", "description": "\(name).two tree2", "after": ["one"]},
         {"name": "three", "agent": "low", "description": "\(name).three tree1 #\(call)"}]}
        """
    }
}
