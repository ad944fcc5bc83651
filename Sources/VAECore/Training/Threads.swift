import Foundation

/// Runs `body` on a new thread. Unlike Foundation's `Thread`, reports when the system cannot start one.
/// - Returns: whether the thread was started.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Work { let body: () -> Void; init(_ body: @escaping () -> Void) { self.body = body } }
    // Allocated, since the attributes must not move between the calls.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    guard pthread_attr_init(attributes) == 0 else { return false }
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setstacksize(attributes, 4 << 20)
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let status = pthread_create(&thread, attributes, { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }, work.toOpaque())
    if status != 0 { work.release() }
    return status == 0
}
