import Orchestration
import Tools

extension Agent {
    /// The agent with the tool by which it hands over, in a handoff.
    ///
    /// - Throws: ``AgentError/Code/invalid`` when it has a tool of that name itself.
    func answering(in handoff: HandoffChain) throws(AgentError) -> Agent {
        var agent = self
        agent.handoff = handoff
        guard let tool = handoff.tool(for: name) else { return agent }
        return try agent.adding(tool, named: HandoffTool.name)
    }

    /// The agent with one more tool, whose implementation has the tool's name.
    ///
    /// - Throws: ``AgentError/Code/invalid`` when it has a tool of that name itself.
    func adding(_ tool: any Tool, named toolName: String) throws(AgentError) -> Agent {
        var agent = self
        do throws(ToolError) {
            agent.tools = try tools.adding(tool)
        } catch {
            throw AgentError(.invalid, "agent \"\(name)\": \(error.message)")
        }
        agent.toolImplementations[toolName] = toolName
        return agent
    }
}
