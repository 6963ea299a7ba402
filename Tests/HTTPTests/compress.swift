import Foundation
import TestSupport

/// Compresses with the command line tool of the same name.
func compress(_ bytes: [UInt8], with tool: String) async throws -> [UInt8] {
    try await withTemporaryDirectory { directory in
        try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/plain"))
        let output = URL(fileURLWithPath: "\(directory)/compressed")
        try Data().write(to: output)
        let file = try FileHandle(forWritingTo: output)
        _ = try await Process.run("/usr/bin/\(tool)", ["-9", "-c", "\(directory)/plain"], output: file)
        try file.close()
        return Array(try Data(contentsOf: output))
    }
}
