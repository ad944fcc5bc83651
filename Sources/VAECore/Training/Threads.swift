import Foundation

/// Runs `body` on a thread of its own. Unlike Foundation's `Thread`, tells when there is none to be had.
/// - Returns: whether it was started.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Work { let body: () -> Void; init(_ body: @escaping () -> Void) { self.body = body } }
    // The attributes may not move between the calls, hence the allocation.
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
