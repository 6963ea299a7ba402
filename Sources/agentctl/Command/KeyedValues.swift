import ArgumentParser
import JSON

/// Values by key as options take them: `KEY=TEXT`, or `KEY:=JSON`.
enum KeyedValues {
    /// Reads the values of an option that may be given more than once.
    ///
    /// - Parameter option: The option's name, for the error.
    /// - Throws: `ValidationError` for what is neither form.
    static func object(_ pairs: [String], option: String) throws -> JSONObject {
        var values: JSONObject = [:]
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw ValidationError("\(option) is KEY=TEXT or KEY:=JSON, not \(pair.prefix(100))")
            }
            let text = String(pair[pair.index(after: equals)...])
            let key = pair[..<equals]
            guard key.last == ":" else {
                values[String(key)] = .string(text)
                continue
            }
            do throws(JSONParseError) {
                values[String(key.dropLast())] = try JSONValue(parsing: text)
            } catch {
                throw ValidationError("\(option) \(key)= is not JSON: \(error)")
            }
        }
        return values
    }
}
