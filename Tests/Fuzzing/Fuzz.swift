import Glibc

/// Throws made-up bytes at one reader, again and again, guided by what code they reach.
///
/// The environment variable `READER` names the reader, and `SEEDS` a folder for inputs that only
/// the program itself can make; the command line is libFuzzer's. Without a `READER` it tells their
/// names. `Tests/Fuzzing/run` says how to build and run it.
@main enum Fuzz {
    fileprivate static let reader = getenv("READER").flatMap {
        Reader(rawValue: String(cString: $0))
    }

    static func main() {
        guard let reader else {
            if getenv("READER").map({ String(cString: $0) }) == "control" { readBehindAnEnd() }
            return print(Reader.allCases.map(\.rawValue).joined(separator: " "))
        }
        if let folder = getenv("SEEDS") { write(reader.seeds, to: String(cString: folder)) }
        ProcessorTime.watch()
        var count = CommandLine.argc
        var words = Optional(CommandLine.unsafeArgv)
        exit(runDriver(&count, &words, fuzzOnce))
    }

    private static func write(_ seeds: [[UInt8]], to folder: String) {
        for (number, seed) in seeds.enumerated() {
            let file = open("\(folder)/made-\(number)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            let size = seed.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            demand(size == seed.count) { "a seed can be written to \(folder)" }
            close(file)
        }
    }
}

/// Reads one input; libFuzzer calls it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ProcessorTime.bound(seconds: 25)
    Fuzz.reader?.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// libFuzzer itself, without the `main` that it has, for SwiftPM wants ours.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ once: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the sanitizer must see, for it to be on.
private func readBehindAnEnd() {
    let count = Int(getpid() & 7) + 1
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    bytes.initialize(repeating: 0, count: count)
    print(bytes[count])
}

/// Ends the run where a promise does not hold, and says which.
func demand(_ holds: Bool, _ promise: () -> String) {
    guard !holds else { return }
    let line = "ERROR: broken promise: \(promise())\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}

/// Ends the run where one input takes too much of the processor.
///
/// libFuzzer's own bound is one of the clock, which load alone can reach.
enum ProcessorTime {
    static func watch() {
        signal(SIGPROF) { _ in demand(false) { "an input is read in a bounded time" } }
    }

    /// Begins anew: what was left to the input before is forgotten.
    static func bound(seconds: Int) {
        var timer = itimerval()
        timer.it_value.tv_sec = seconds
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    }
}
