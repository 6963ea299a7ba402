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
        do throws(ToolError) {
            agent.tools = try tools.adding(tool)
        } catch {
            throw AgentError(.invalid, "agent \"\(name)\" in the handoff \"\(handoff.name)\": \(error.message)")
        }
        agent.toolImplementations[HandoffTool.name] = HandoffTool.name
        return agent
    }
}
