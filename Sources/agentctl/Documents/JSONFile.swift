import JSON

/// Reads the documents of a JSON file.
enum JSONFile {
    /// Reads the document; a list stands for the documents in it.
    static func load(_ bytes: [UInt8], file: String) -> LoadedFile {
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: bytes, options: JSONParserOptions(maximumDepth: YAMLBudget.maximumDepth))
        } catch {
            let position = SourcePosition(line: error.line, column: error.column)
            let mistake = LocatedMistake(file: file, position: position, problem: "is not JSON: \(error.message)")
            return LoadedFile(mistakes: [mistake], isIncomplete: true)
        }
        guard let items = value.arrayValue else {
            let positions = JSONPositions(bytes, prefix: [])
            return LoadedFile(documents: [LoadedDocument(file: file, value: value, positions: positions)])
        }
        return LoadedFile(
            documents: items.enumerated().map { index, item in
                LoadedDocument(file: file, value: item, positions: JSONPositions(bytes, prefix: [.item(index)]))
            }
        )
    }
}
