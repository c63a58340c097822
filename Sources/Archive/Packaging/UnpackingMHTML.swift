extension Unpacking {
    /// Reads a page saved with its parts in one MIME message (RFC 2557).
    mutating func readMHTML(_ container: Container) throws {
        try note(Refusal(.unsupported, "mhtml is not read yet"), in: container)
    }
}
