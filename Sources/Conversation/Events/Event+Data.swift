import JSON

extension Event {
    /// A call within its turn.
    package struct CallReference: Sendable, Hashable {
        /// Counts from 1 within the turn.
        package var call: Int
        /// The id that the model gave it.
        package var id: String
        /// The tool.
        package var name: String

        package init(call: Int, id: String, name: String) {
            (self.call, self.id, self.name) = (call, id, name)
        }
    }

    /// What a person is asked about.
    package struct ApprovalQuestion: Sendable, Hashable {
        /// The approval; nil until the request is stored, which gives it a number.
        package var approval: Int64?
        /// The call within the turn; nil when it is about the user's message.
        package var call: Int?
        /// The tool; nil when a guardrail asks.
        package var tool: String?
        /// Where a guardrail has found something; nil when a policy asks about a call.
        package var place: String?
        /// What is asked about, for a person.
        package var subject: String
        /// The rule that asks.
        package var rule: String

        package init(
            approval: Int64? = nil,
            call: Int?,
            tool: String?,
            place: String?,
            subject: String,
            rule: String
        ) {
            self.approval = approval
            (self.call, self.tool, self.place, self.subject, self.rule) = (call, tool, place, subject, rule)
        }
    }

    /// What a person has decided.
    package struct ApprovalAnswer: Sendable, Hashable {
        /// The approval.
        package var approval: Int64
        /// The call within the turn; nil when it is about the user's message.
        package var call: Int?
        /// Where a guardrail has found something; nil for a call.
        package var place: String?
        /// `approved` or `denied`.
        package var decision: String
        /// How far the decision reaches: `once`, `conversation` or `always`.
        package var scope: String
        /// What the person said.
        package var reason: String?
        /// The person.
        package var by: String

        package init(
            approval: Int64,
            call: Int?,
            place: String?,
            decision: String,
            scope: String,
            reason: String?,
            by: String
        ) {
            (self.approval, self.call, self.place, self.decision) = (approval, call, place, decision)
            (self.scope, self.reason, self.by) = (scope, reason, by)
        }
    }

    /// What a turn came to.
    package struct TurnTotal: Sendable, Hashable {
        /// How it ended.
        package var status: TurnStatus
        /// The tokens of all model calls that were input.
        package var inputTokens: Int
        /// The tokens of all model calls that were output.
        package var outputTokens: Int
        /// The cost of all model calls in USD.
        package var cost: Double
        /// How long was worked on it, in milliseconds.
        package var milliseconds: Double

        package init(
            status: TurnStatus,
            inputTokens: Int,
            outputTokens: Int,
            cost: Double,
            milliseconds: Double
        ) {
            (self.status, self.inputTokens, self.outputTokens) = (status, inputTokens, outputTokens)
            (self.cost, self.milliseconds) = (cost, milliseconds)
        }
    }

    /// Turns that were taken back.
    package struct UndoneTurns: Sendable, Hashable {
        /// An effect that stays.
        package struct Effect: Sendable, Hashable {
            /// The conversation of the task that had it; nil for the turns' own.
            package var conversation: String?
            /// The turn.
            package var turn: Int64
            /// The call within the turn.
            package var call: Int
            /// The tool.
            package var tool: String
            /// How far the call came.
            package var state: String

            package init(conversation: String? = nil, turn: Int64, call: Int, tool: String, state: String) {
                self.conversation = conversation
                (self.turn, self.call, self.tool, self.state) = (turn, call, tool, state)
            }
        }

        /// The turns' numbers, in order.
        package var turns: [Int64]
        /// How many messages they had.
        package var messages: Int
        /// The effects that stay.
        package var effects: [Effect]

        package init(turns: [Int64], messages: Int, effects: [Effect]) {
            (self.turns, self.messages, self.effects) = (turns, messages, effects)
        }
    }

    /// A task of a turn as it stood.
    package struct TaskState: Sendable, Hashable {
        /// The task.
        package var task: Int64
        /// Counts from 1 within the turn.
        package var number: Int
        /// The agent of its present attempt; nil when there was none for it.
        package var agent: String?
        /// `held`, `assigned`, `done`, `failed` or `cancelled`.
        package var state: String
        /// The conversation of its present attempt; nil before the first.
        package var conversation: String?
        /// The class of the error that ended it.
        package var code: String?

        package init(task: Int64, number: Int, agent: String?, state: String, conversation: String?, code: String?) {
            (self.task, self.number, self.agent) = (task, number, agent)
            (self.state, self.conversation, self.code) = (state, conversation, code)
        }
    }

    /// A visit of a node that has ended in a run of a chain.
    package struct NodeVisit: Sendable, Hashable {
        /// The node's name.
        package var node: String
        /// Counts from 1: nodes of a loop are visited several times.
        package var visit: Int
        /// `succeeded` or `failed`.
        package var status: String
        /// The class of the error that ended it.
        package var code: String?

        package init(node: String, visit: Int, status: String, code: String?) {
            (self.node, self.visit, self.status, self.code) = (node, visit, status, code)
        }
    }

    /// A plan of a turn as it stood.
    package struct PlanState: Sendable, Hashable {
        /// The plan.
        package var plan: Int64
        /// Counts the changes of its steps, from 1.
        package var revision: Int
        /// `running`, `completed` or `failed`.
        package var state: String
        /// How many steps it has.
        package var steps: Int
        /// How many of them are completed.
        package var completed: Int

        package init(plan: Int64, revision: Int, state: String, steps: Int, completed: Int) {
            (self.plan, self.revision, self.state) = (plan, revision, state)
            (self.steps, self.completed) = (steps, completed)
        }
    }

    /// Messages by their numbers, both ends included.
    package struct MessageRange: Sendable, Hashable {
        package var first: Int64
        package var last: Int64

        package init(first: Int64, last: Int64) {
            (self.first, self.last) = (first, last)
        }
    }

    /// A summary that stands for messages.
    package struct CompactedMessages: Sendable, Hashable {
        /// The messages.
        package var messages: MessageRange
        /// The bytes of the summary.
        package var summaryBytes: Int
        /// The estimated tokens of what the model was shown before.
        package var beforeTokens: Int
        /// The same afterwards.
        package var afterTokens: Int
        /// Who wrote it: `model` or `extraction`.
        package var by: String
        /// Why the model that was asked did not write it; nil if it did, or none was asked.
        package var reason: String?

        package init(
            messages: MessageRange,
            summaryBytes: Int,
            beforeTokens: Int,
            afterTokens: Int,
            by: String,
            reason: String? = nil
        ) {
            (self.messages, self.summaryBytes, self.by, self.reason) = (messages, summaryBytes, by, reason)
            (self.beforeTokens, self.afterTokens) = (beforeTokens, afterTokens)
        }
    }
}
