/// One subschema with its keywords read and checked.
final class SchemaNode: Sendable {
    typealias ID = SchemaProgram.NodeID

    let location: SchemaLocation

    /// The number of the resource it belongs to.
    let resource: Int

    /// The answer of the schemas `true` and `false`.
    let verdict: Bool?

    let general: SharedKeywords<GeneralKeywords>?
    let numbers: SharedKeywords<NumberKeywords>?
    let strings: SharedKeywords<StringKeywords>?
    let arrays: SharedKeywords<ArrayKeywords>?
    let objects: SharedKeywords<ObjectKeywords>?
    let logic: SharedKeywords<LogicKeywords>?

    /// Whether it asks what its in-place subschemas have evaluated.
    let hasUnevaluated: Bool

    /// The steps that applying it takes.
    let cost: Int

    init(location: SchemaLocation, resource: Int, verdict: Bool) {
        self.location = location
        self.resource = resource
        self.verdict = verdict
        general = nil
        numbers = nil
        strings = nil
        arrays = nil
        objects = nil
        logic = nil
        hasUnevaluated = false
        cost = 1
    }

    init(
        location: SchemaLocation,
        resource: Int,
        general: GeneralKeywords?,
        numbers: NumberKeywords?,
        strings: StringKeywords?,
        arrays: ArrayKeywords?,
        objects: ObjectKeywords?,
        logic: LogicKeywords?
    ) {
        self.location = location
        self.resource = resource
        verdict = nil
        self.general = general.map(SharedKeywords.init)
        self.numbers = numbers.map(SharedKeywords.init)
        self.strings = strings.map(SharedKeywords.init)
        self.arrays = arrays.map(SharedKeywords.init)
        self.objects = objects.map(SharedKeywords.init)
        self.logic = logic.map(SharedKeywords.init)
        hasUnevaluated = arrays?.unevaluated != nil || objects?.unevaluated != nil
        cost = 1 + (general?.cost ?? 0) + (numbers?.cost ?? 0) + (objects?.cost ?? 0)
    }
}
