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

private let chosen: Reader = {
    let name = getenv("READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader(rawValue: name) else {
        print("READER must be one of: " + Reader.allCases.map(\.rawValue).joined(separator: " "))
        exit(2)
    }
    return reader
}()
