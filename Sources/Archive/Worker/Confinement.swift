internal import CSeccomp
internal import Glibc

/// The walls around a worker: what it may still ask of the kernel while it holds strangers' bytes.
///
/// It keeps its socket and what it is handed over it. Memory is bounded; opening, connecting,
/// starting and signalling others is refused with EPERM.
struct Confinement {
    /// Most bytes of memory; an allocation beyond ends the worker.
    var memoryBytes: Int

    /// Enters for good.
    ///
    /// - Returns: whether the kernel's filter holds; the bounds hold in any case.
    @discardableResult
    func enter() -> Bool {
        Self.bound(RLIMIT_AS, memoryBytes)
        Self.bound(RLIMIT_CORE, 0)
        Self.bound(RLIMIT_NOFILE, 8)
        return Self.filter()
    }

    private static func bound(_ resource: __rlimit_resource, _ value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }

    /// What reading a descriptor into memory and writing to a socket needs, and no more.
    private static let allowed = [
        "read", "pread64", "readv", "write", "sendto", "sendmsg", "recvfrom", "recvmsg", "poll",
        "ppoll", "close", "fstat", "newfstatat", "lseek", "mmap", "munmap", "mremap", "mprotect",
        "madvise", "brk", "futex", "sched_yield", "sched_getaffinity", "getpid", "gettid", "tgkill",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "clock_gettime",
        "clock_nanosleep", "gettimeofday", "getrandom", "rseq", "restart_syscall", "exit",
        "exit_group",
    ]

    private static func filter() -> Bool {
        // SCMP_ACT_ERRNO(EPERM) and SCMP_ACT_ALLOW, which are macros with casts.
        let refuse: UInt32 = 0x0005_0000 | UInt32(EPERM)
        let allow: UInt32 = 0x7FFF_0000
        guard let rules = seccomp_init(refuse) else { return false }
        defer { seccomp_release(rules) }
        for name in allowed {
            // A number below zero: this processor's kernel has no such call.
            let number = seccomp_syscall_resolve_name(name)
            guard number >= 0 else { continue }
            guard seccomp_rule_add_array(rules, allow, number, 0, nil) == 0 else { return false }
        }
        return seccomp_load(rules) == 0
    }
}
