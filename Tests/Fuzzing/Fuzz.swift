import Glibc

/// Throws made-up bytes at one reader, again and again, guided by what code they reach.
///
/// libFuzzer holds `main` and calls this for each input; the environment variable `READER` names
/// the reader. `Tests/Fuzzing/run` says how to build and run it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
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
        print(Reader.allCases.map(\.rawValue).joined(separator: " "))
        exit(name.isEmpty ? 0 : 2)
    }
    return reader
}()

/// Ends the run where a promise does not hold, and says which.
func demand(_ holds: Bool, _ promise: () -> String) {
    guard !holds else { return }
    let line = "ERROR: broken promise: \(promise())\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}
