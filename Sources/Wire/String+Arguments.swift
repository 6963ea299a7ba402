internal import JSON

extension String {
    /// Arguments as they go back to the server.
    ///
    /// Several servers parse the arguments in the history and answer with an error for ever after if the model once
    /// wrote something that is not a JSON object, so that is wrapped.
    var argumentsForHistory: String {
        if isBlank { return "{}" }
        if let value = try? JSONValue(parsing: self) {
            if value.objectValue != nil { return self }
            // What models write for a call without arguments.
            if value.isNull || value.arrayValue?.isEmpty == true { return "{}" }
        }
        return JSONValue.object(["invalid_arguments": .string(self)]).text
    }

    /// Arguments without halves of characters: of those that were cut between two fragments, and of escapes.
    var storableArguments: String {
        let joined = SurrogateJoiner.joined(self)
        // Half a pair that is written as an escape makes the arguments unreadable for everybody.
        guard joined.contains("\\ud") || joined.contains("\\uD"), (try? JSONValue(parsing: joined)) == nil,
            let value = try? JSONValue(foreign: joined)
        else { return joined }
        return value.text
    }
}
