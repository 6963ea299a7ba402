// Runs calls in a sandbox of its own, for tests that need the sandbox of another user.
//
// Arguments: the workspace. Each line of the input is a call as JSON; each line of the output is what came of it.

import JSON
import Logging
import Sandbox

let workspace = CommandLine.arguments.dropFirst().first
let sandbox = Sandbox(
    SandboxConfiguration(workspace: workspace),
    logger: Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() }
)
while let line = readLine() {
    let answer: JSONValue
    do {
        let request = try JSONValue(parsing: line)
        if request["examine"] != nil {
            answer = Answer.json(await sandbox.examine())
        } else if let command = request["command"]?.stringValue {
            answer = Answer.json(try await sandbox.run(Request.shell(command, request)))
        } else {
            answer = Answer.json(try await sandbox.run(Request.python(request)))
        }
    } catch {
        answer = ["refused": .string("\(error)")]
    }
    print(JSONText(answer).string, terminator: "\n")
    flush()
}
await sandbox.shutdown()
