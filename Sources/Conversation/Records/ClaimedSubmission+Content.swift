internal import JSON

extension ClaimedSubmission {
    /// What the user said: the message, or the structured input as JSON.
    package var content: String { body.submittedText }
}

extension JSONValue {
    /// What the user said in a submission's body: the message, or the structured input as JSON.
    var submittedText: String {
        self["message"]?.stringValue ?? self["input"]?.text ?? ""
    }
}
