internal import CLinux
internal import Glibc

/// Remembers, across a crash of the process, which files were being parsed.
///
/// Each lane writes the name of what it is about to parse, a digest, into a slot of memory. The
/// handler of a fatal signal writes the slots to a file that was opened before; at the next start
/// those files travel alone, and one that crashes again is quarantined. A kill from outside leaves
/// no mark: it says nothing about the file.
enum CrashMarker {
    /// How many lanes can be marked.
    static let slots = 16
    /// A slot is 64 hexadecimal digits and a line feed, or zeros.
    static let slotBytes = 65

    // Both are set once, before the first lane runs and the handlers are installed; a handler can
    // do nothing but read plain memory.
    nonisolated(unsafe) private static let memory = UnsafeMutablePointer<UInt8>.allocate(
        capacity: slots * slotBytes)
    nonisolated(unsafe) private static var descriptor: Int32 = -1
    /// Held for reading by lanes that parse, for writing by one that parses alone.
    nonisolated(unsafe) private static let gate = {
        let gate = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
        // Lanes that follow each other must not keep one that parses alone waiting for ever.
        var attributes = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&attributes)
        pthread_rwlockattr_setkind_np(
            &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        pthread_rwlock_init(gate, &attributes)
        return gate
    }()

    /// Reads what the last crash left at `path`, and stands ready for the next.
    ///
    /// - Returns: the names of the files that were being parsed when the process crashed.
    static func install(path: String) -> [String] {
        memory.initialize(repeating: 0, count: slots * slotBytes)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return [] }
        var left = [UInt8](repeating: 0, count: slots * slotBytes)
        let count = read(descriptor, &left, left.count)
        ftruncate(descriptor, 0)
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { handle(signal) }
        return left.prefix(max(0, count)).split { $0 == 0 || $0 == 0x0A }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Marks that lane `slot` parses a file from now on.
    ///
    /// - Parameter alone: waits until no other lane parses, and keeps the others waiting.
    static func begin(_ name: String, slot: Int, alone: Bool) {
        precondition((0..<slots).contains(slot), "more lanes than slots")
        if alone { pthread_rwlock_wrlock(gate) } else { pthread_rwlock_rdlock(gate) }
        for (index, byte) in name.utf8.prefix(slotBytes - 1).enumerated() {
            memory[slot * slotBytes + index] = byte
        }
        memory[slot * slotBytes + slotBytes - 1] = 0x0A
    }

    /// Marks that lane `slot` parses nothing.
    static func end(slot: Int) {
        precondition((0..<slots).contains(slot), "more lanes than slots")
        for index in 0..<slotBytes { memory[slot * slotBytes + index] = 0 }
        pthread_rwlock_unlock(gate)
    }

    private static func handle(_ signal: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            // Only calls that are safe in a handler: write the slots, then die as one would have.
            _ = pwrite(
                CrashMarker.descriptor, CrashMarker.memory,
                CrashMarker.slots * CrashMarker.slotBytes, 0)
            _ = Glibc.signal(signal, SIG_DFL)
            raise(signal)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
        sigaction(signal, &action, nil)
    }
}
