import JSON

extension PythonModule {
    /// What a worker said of a text.
    init(_ finding: RunningCall.Finding) throws(SandboxError) {
        guard let report = finding.header?["module"] else {
            // Hostile text can exhaust or crash a parser: that is its problem.
            let reason = finding.outcome.exitReason.rawValue
            self.init(problems: [Problem(line: 1, column: 1, message: "the text cannot be parsed (\(reason))")])
            return
        }
        let problems = report["problems"]?.arrayValue ?? []
        let parameters = report["parameters"]?.arrayValue ?? []
        self.init(
            problems: problems.compactMap { problem in
                guard let line = problem[0]?.integerValue, let column = problem[1]?.integerValue,
                    let message = problem[2]?.stringValue
                else { return nil }
                return Problem(line: Int(line), column: Int(column), message: message)
            },
            parameters: parameters.compactMap { parameter in
                guard let name = parameter[0]?.stringValue, let isRequired = parameter[1]?.boolValue else { return nil }
                return Parameter(name: name, isRequired: isRequired)
            },
            takesAnyKeyword: report["takesAnyKeyword"]?.boolValue ?? false,
            isAsync: report["isAsync"]?.boolValue ?? false,
            bytecode: finding.body.isEmpty ? nil : Array(finding.body)
        )
    }
}
