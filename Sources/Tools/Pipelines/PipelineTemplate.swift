import Conversation
import Definitions
internal import JSON

/// A template of a pipeline.
typealias PipelineTemplate = Template<PipelineReference>

extension PipelineTemplate {
    /// Reads a template.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - steps: The names of the steps before.
    /// - Throws: ``ToolError/Code/configuration`` for a reference to nothing.
    init(_ value: JSONValue, steps: [String]) throws(ToolError) {
        do throws(TemplateError) {
            try self.init(value) { (text) throws(TemplateError) in try PipelineReference(text, steps: steps) }
        } catch {
            throw ToolError(.configuration, error.message)
        }
    }

    /// The value with everything in its place.
    ///
    /// - Returns: nil if the whole value is an argument of the pipeline that was not given.
    /// - Throws: ``ToolError/Code/failed`` if a reference leads to nothing, or everything together is too much.
    func value(in state: PipelineState) throws(ToolError) -> JSONValue? {
        do throws(TemplateError) {
            return try value(maximumBytes: ToolRouter.maximumArgumentBytes) { $0.value(in: state) }
        } catch {
            throw ToolError(.failed, "An argument cannot be filled in: \(error.message).")
        }
    }

    /// Stands in a preview for what is not known yet; no text of a model's is taken for it, as that only makes rules stricter.
    static var gap: String { "\u{FFFC}" }

    /// The value as far as it is known before the first step has run; ``gap`` stands for what is not.
    func preview(for input: JSONValue) -> JSONValue {
        let state = PipelineState(input: input)
        do throws(TemplateError) {
            let value = try value(maximumBytes: ToolRouter.maximumArgumentBytes) { reference in
                reference.value(in: state) ?? (reference.isOptional ? nil : .string(Self.gap))
            }
            return value ?? [:]
        } catch {
            // Too much, or an argument is missing: the step will fail before it does anything.
            return [:]
        }
    }
}
