extension Unpacking {
    /// Reads a WARC or an ARC, record by record.
    mutating func readWebArchive(_ container: Container) throws {
        try note(Refusal(.unsupported, "\(container.form.rawValue) is not read yet"), in: container)
    }
}
