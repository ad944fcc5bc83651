import CFileSystem
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Waits until something changes in some folders: told by the system (inotify) where the file system has that, by the
/// clock where it has not.
///
/// A folder on another machine, such as NFS, is told of nothing that other machines do to it.
final class FolderWatch {
    private var descriptor: Int32 = -1
    private var watched: Set<String> = []
    /// Seconds between two looks at a folder that the system tells nothing of.
    private static let lookEvery = 0.5
    private var needsLooking = false
    /// So many folders are watched; beyond that the clock decides.
    private static let most = 256

    init() {
        #if canImport(Glibc)
            // IN_CLOEXEC and IN_NONBLOCK under the names that they are defined by.
            descriptor = inotify_init1(O_CLOEXEC | O_NONBLOCK)
        #endif
        needsLooking = descriptor < 0
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Watches a folder too, from now on; one that is watched already stays.
    func add(_ folder: String) {
        guard !watched.contains(folder) else { return }
        #if canImport(Glibc)
            guard descriptor >= 0, watched.count < Self.most, !latent_is_shared(folder) else {
                needsLooking = true
                return
            }
            let events = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB
            guard inotify_add_watch(descriptor, folder, UInt32(events)) >= 0 else {
                needsLooking = true
                return
            }
        #endif
        watched.insert(folder)
    }

    /// Waits until something changes, at most `seconds`.
    /// - Parameter wake: a descriptor that ends the wait when it has something to read; -1 for none.
    func wait(seconds: Double, wake: Int32 = -1) {
        let limit = needsLooking ? min(seconds, Self.lookEvery) : seconds
        var sources = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
        guard poll(&sources, nfds_t(sources.count), Int32(max(0, limit) * 1000)) > 0, sources[0].revents != 0 else { return }
        // What has changed is looked up; that something has is enough.
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
