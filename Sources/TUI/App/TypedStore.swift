/// At most one value of each type. What a screen or a layer keeps stands in one under its own type, so that adding one
/// changes nothing else.
package struct TypedStore: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    package init() {}

    /// The value of a type; `standard` until one is set.
    package subscript<Value: Sendable>(_ type: Value.Type, default standard: @autoclosure () -> Value) -> Value {
        get { values[ObjectIdentifier(type)] as? Value ?? standard() }
        _modify {
            let key = ObjectIdentifier(type)
            // Taken out meanwhile: changing what the store still holds would copy it.
            var value = values.removeValue(forKey: key) as? Value ?? standard()
            defer { values[key] = value }
            yield &value
        }
    }
}
