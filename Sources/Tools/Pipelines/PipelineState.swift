internal import JSON

/// How far a pipeline has come.
struct PipelineState: Sendable {
    /// The arguments of the pipeline.
    package let input: JSONValue

    /// The results by step; a step that was left out has none.
    package var results: [Int: JSONValue] = [:]

    /// The result of the last step that was run.
    package var previous: JSONValue?
}
