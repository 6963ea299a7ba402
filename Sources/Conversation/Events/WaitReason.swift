/// Why a turn is stored and holds no worker.
package enum WaitReason: String, Sendable, Hashable, CaseIterable {
    /// A call or a text needs approval.
    case approval
    /// A crash cut a call off, and a person has to say whether it took effect.
    case inDoubt = "resolve"
    /// Tasks that the turn delegated have not ended.
    case tasks
    /// The model fails for now and is asked again later.
    case model

    /// The reason as the class of error of a turn that waits.
    package var errorCode: String {
        switch self {
        case .approval: "approval_required"
        case .inDoubt: "in_doubt"
        case .tasks: "tasks_open"
        case .model: "model_unavailable"
        }
    }

    /// The reason that stands in a turn's class of error; nil for any other class.
    package init?(errorCode: String?) {
        guard let reason = Self.allCases.first(where: { $0.errorCode == errorCode }) else { return nil }
        self = reason
    }
}
