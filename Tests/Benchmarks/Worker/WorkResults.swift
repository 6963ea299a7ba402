/// What the worker's measurement came to.
struct WorkResults: Sendable {
    /// The durable statements alone.
    var pgbench = WorkSeries()
    /// The worker with a model over HTTP.
    var networked = WorkSeries()
    /// The worker with a model that is rules in its own process.
    var offline = WorkSeries()

    func section(_ plan: Plan) -> Section {
        var section = Section(
            title: "Worker",
            explanation: """
                One `agentctl work` process with \(WorkerProcess.slots) slots, over \(WorkQueue.conversations) conversations \
                of \(plan.messagesPerConversation) waiting messages each; against `pgbench -M prepared -c \
                \(WorkerProcess.slots) -j 2` that claims and finishes the same messages with a record as long as the worker's, \
                in one call and one commit each, and with no turn in between. \(plan.workerRounds) rounds. The mock model \
                answers at once over HTTP, streaming, from a process of its own; worker, model and server share the \
                machine's processors. Rates are between the first and the last tenth of the messages, by the database's \
                clock.
                """,
            comparison: "pgbench"
        )
        section.measurements = rows("mock model", networked) + rows("rules", offline)
        return section
    }

    private func rows(_ model: String, _ series: WorkSeries) -> [Measurement] {
        var rows = [
            row("Messages a second, \(model)", \.rate, series, unit: "/s"),
            row("— CPU time of the worker a message", \.processorTime, series, unit: " ms"),
        ]
        if !series.modelProcessorTime.values.isEmpty {
            rows.append(
                Measurement(
                    subject: "— CPU time of the mock model a message",
                    measured: Format.milliseconds(series.modelProcessorTime.median)
                )
            )
        }
        return rows + [
            row("— commits a message", \.commits, series, unit: ""),
            row("— flushes of the log a message", \.flushes, series, unit: ""),
            row("— log a message", \.log, series, unit: " KB"),
        ]
    }

    private func row(
        _ subject: String,
        _ value: KeyPath<WorkSeries, Samples>,
        _ series: WorkSeries,
        unit: String
    ) -> Measurement {
        let (measured, comparison) = (series[keyPath: value], pgbench[keyPath: value])
        return Measurement(
            subject: subject,
            measured: Format.number(measured.median) + unit,
            comparison: Format.number(comparison.median) + unit,
            ratio: measured.over(comparison)
        )
    }
}
