extension Unpacking {
    /// Reads a part of a WACZ; its digest is kept for the package's own list.
    mutating func readPart(
        _ source: DigestingSource, of package: WACZPackage, path: [UInt8], ordinal: Int,
        in container: Container
    ) throws -> Refusal? {
        let whole = container.prefix + path
        guard let words = WACZPackage.words(notRead: path) else {
            let refusal = try readFile(source, path: whole, ordinal: ordinal, in: container)
            if let digest = source.digest() { package.take(digest, of: path) }
            return refusal
        }
        do throws(Refusal) {
            try package.pass(source, path: path)
        } catch {
            return try refuse(error, path: whole, ordinal: ordinal)
        }
        let digest = source.digest()
        if let digest { package.take(digest, of: path) }
        try hand(
            Member(
                ordinal: ordinal, path: whole, size: nil,
                content: .passed(form: "wacz", digest: digest, words: words)))
        return nil
    }
}
