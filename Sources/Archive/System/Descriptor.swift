internal import Glibc

/// An open file descriptor, closed when nobody holds it any more.
final class Descriptor: Sendable {
    /// The descriptor's number, valid as long as this object lives.
    let number: Int32

    /// Takes ownership of `number`.
    init(owning number: Int32) { self.number = number }

    deinit { close(number) }
}
