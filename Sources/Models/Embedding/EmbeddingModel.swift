import Definitions
package import JSON

/// A model that makes vectors of texts, as its row describes it.
package struct EmbeddingModel: Sendable, Hashable {
    /// What it has in common with models that answer.
    package var model: Model
    /// How many numbers a vector has.
    package var dimensions: Int
    /// Whether the server is asked for so many; else it is known to make so many.
    ///
    /// Default: false.
    package var sendsDimensions = false
    /// The most texts of one request.
    ///
    /// Default: 64.
    package var batch = 64
    /// The most bytes of a text that are sent, with its prefix; a longer one is cut.
    ///
    /// Default: 8,192.
    package var maximumInputBytes = 8_192
    /// Stands before each text that is to be found.
    ///
    /// Default: nothing.
    package var documentPrefix = ""
    /// Stands before each question.
    ///
    /// Default: nothing.
    package var questionPrefix = ""
    /// How long a turn waits for the vector of its question.
    ///
    /// Default: 0.5 seconds.
    package var questionTimeout = Duration.milliseconds(500)

    package init(model: Model, dimensions: Int) {
        self.model = model
        self.dimensions = dimensions
    }

    /// Reads a model from its row's document.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - versionID: The id of this version of the row.
    ///   - document: The document as `register` stored it.
    /// - Throws: ``ModelError/Code/configuration`` with every mistake, among them that it is for something else.
    package init(name: String, versionID: Int64, document: JSONValue) throws(ModelError) {
        let model = try Model(name: name, versionID: versionID, document: document)
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(document, path: "", problems: problems, kind: "model") else {
            throw ModelError(model: name, problems: problems.list)
        }
        if model.purpose != .embedding {
            reader.refuse("purpose", "expected embedding: this model answers messages and makes no vectors")
        }
        if model.provider != "openai" { reader.refuse("provider", "expected openai, which embedding needs") }
        let dimensions = reader.integer("dimensions")
        if dimensions == nil { reader.refuse("dimensions", "expected the number of dimensions of its vectors") }
        self.init(model: model, dimensions: dimensions ?? 0)
        sendsDimensions = reader.boolean("send_dimensions") ?? sendsDimensions
        batch = reader.integer("batch") ?? batch
        maximumInputBytes = reader.integer("max_input_bytes") ?? maximumInputBytes
        documentPrefix = reader.string("document_prefix") ?? documentPrefix
        questionPrefix = reader.string("question_prefix") ?? questionPrefix
        questionTimeout = reader.seconds("question_timeout") ?? questionTimeout
        guard problems.list.isEmpty else { throw ModelError(model: name, problems: problems.list) }
    }
}
