import Glibc

/// Throws made-up bytes at one reader, again and again, guided by what code they reach.
///
/// libFuzzer holds `main` and calls this for each input; the environment variable `READER` names
/// the reader. `Tests/Fuzzing/run` says how to build and run it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ProcessorTime.bound(seconds: 25)
    chosen.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// Puts the inputs that only the program itself can make into the folder that `SEEDS` names.
///
/// libFuzzer calls this once, before it reads any input. Without a `READER` it tells their names.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzBegin(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?) -> CInt
{
    let reader = chosen
    ProcessorTime.watch()
    guard let folder = getenv("SEEDS").map({ String(cString: $0) }) else { return 0 }
    for (number, seed) in reader.seeds.enumerated() {
        let file = open("\(folder)/made-\(number)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        demand(file >= 0 && seed.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } > 0) {
            "a seed can be written to \(folder)"
        }
        close(file)
    }
    return 0
}

private let chosen: Reader = {
    let name = getenv("READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader(rawValue: name) else {
        if name == "control" { readBehindAnEnd() }
        print(Reader.allCases.map(\.rawValue).joined(separator: " "))
        exit(name.isEmpty ? 0 : 2)
    }
    return reader
}()

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
