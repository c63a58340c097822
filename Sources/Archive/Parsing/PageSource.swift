extension Page {
    /// The bytes of the capture that the text in `range` was read from.
    ///
    /// Exact in UTF-8, UTF-16 and windows-1252; in an encoding that the system converts, at most
    /// 64 bytes of text wider at either end.
    func source(of range: Range<Int>) -> Range<Int> {
        let lower = source(at: min(range.lowerBound, text.count), isEnd: false)
        guard !range.isEmpty else { return lower..<lower }
        let upper = source(at: min(range.upperBound, text.count), isEnd: true)
        return lower..<max(lower, upper)
    }

    /// The offset of the character that holds the text's byte `offset`, or of its end where
    /// `isEnd` says that the byte before is the last one meant.
    private func source(at offset: Int, isEnd: Bool) -> Int {
        if checkpoints.isEmpty { return min(origin + offset, capture.bytes.count) }
        if isEnd ? offset >= text.count : offset > text.count - 1 { return capture.bytes.count }
        guard let step = TextStep(encoding: encoding) else {
            let index = isEnd ? (offset + 63) / 64 : offset / 64
            return index < checkpoints.count ? checkpoints[index] : capture.bytes.count
        }
        // The last byte meant decides, so that a cut within a character takes all of it.
        let goal = isEnd ? max(0, offset - 1) : offset
        var at = goal / 64 * 64
        var source = checkpoints[goal / 64]
        while at > 0, text[at] & 0xc0 == 0x80 { at -= 1 }
        return capture.bytes.withUnsafeBufferPointer { bytes in
            while source < bytes.count {
                let (scalar, width) = step.character(in: bytes, at: source)
                let next = at + UTF8.width(scalar)
                if next > goal { return isEnd ? source + width : source }
                at = next
                source += width
            }
            return bytes.count
        }
    }
}
