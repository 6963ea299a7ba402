import JSON

extension JSONValue {
    /// The value of an option that takes JSON.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/usage`` when the text is not JSON.
    init(option name: String, _ text: String) throws(CommandFailure) {
        do throws(JSONParseError) {
            self = try JSONValue(parsing: text)
        } catch {
            throw CommandFailure(.usage, code: "usage", "\(name) is not JSON: \(error)")
        }
    }
}
