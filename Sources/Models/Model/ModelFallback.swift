import Definitions

/// A model that is asked when another one fails.
package struct ModelFallback: Sendable, Hashable {
    /// The model's name.
    package let model: String

    /// The failures after which it is asked.
    package let reasons: Set<Reason>

    package init(model: String, reasons: Set<Reason> = Reason.usual) {
        self.model = model
        self.reasons = reasons
    }

    /// Why another model is asked, in the words of `fallback[].on`.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// There is no answer for a reason that is none of the others.
        case error
        /// The server has no room for the request.
        case overload
        /// The server took too long.
        case timeout
        /// Too many requests, or too many tokens.
        case rateLimit = "rate_limit"
        /// The request is longer than the model's context.
        case context
        /// A filter stopped the answer.
        case refusal
        /// The model is not asked, since it failed often.
        case open

        /// Those of a fallback that names none: another model may well say what a filter stopped.
        package static let usual = Set(allCases).subtracting([.refusal])
    }
}

extension ModelFallback {
    /// Reads the list of a model's document.
    init?(_ reader: DocumentReader) {
        guard let model = reader.requiredString("model") else { return nil }
        guard let names = reader.strings("on") else {
            self.init(model: model)
            return
        }
        let reasons = names.map(Reason.init(rawValue:))
        guard !reasons.contains(nil) else {
            let known = Reason.allCases.map(\.rawValue).joined(separator: ", ")
            reader.refuse("on", "expected some of \(known)")
            return nil
        }
        self.init(model: model, reasons: Set(reasons.compactMap { $0 }))
    }
}

extension ModelError {
    /// For which of its reasons a fallback is asked after this failure; nil where another model could do no better.
    package var fallbackReason: ModelFallback.Reason? {
        switch code {
        case .cancelled, .invalidRequest: nil
        case .timeout: .timeout
        case .rateLimited: .rateLimit
        case .contextExceeded: .context
        case .contentFiltered: .refusal
        case .circuitOpen: .open
        case .server where status == 503 || status == 529: .overload
        default: .error
        }
    }
}
