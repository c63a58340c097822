extension Page {
    /// The bytes of the capture that the text in `range` was read from.
    ///
    /// Exact in every encoding; a cut within a character takes all of it.
    func source(of range: Range<Int>) -> Range<Int> {
        let lower = source(at: min(range.lowerBound, text.count), isEnd: false)
        guard !range.isEmpty else { return lower..<lower }
        let upper = source(at: min(range.upperBound, text.count), isEnd: true)
        return lower..<max(lower, upper)
    }

    /// The offset of the character that holds the text's byte `offset`, or of its end where
    /// `isEnd` says that the byte before is the last one meant.
    private func source(at offset: Int, isEnd: Bool) -> Int {
        guard let step else { return min(origin + offset, capture.bytes.count) }
        if isEnd ? offset >= text.count : offset > text.count - 1 { return capture.bytes.count }
        let goal = isEnd ? max(0, offset - 1) : offset
        guard goal / 64 < checkpoints.count else { return capture.bytes.count }
        let checkpoint = checkpoints[goal / 64]
        var at = goal / 64 * 64 - Int(checkpoint.back)
        var source = checkpoint.source
        var shift = checkpoint.shift
        return capture.bytes.withUnsafeBufferPointer { bytes in
            while source < bytes.count {
                let taken = step.next(in: bytes, at: source, shift: &shift)
                at += taken.textWidth
                if at > goal { return isEnd ? source + taken.width : source }
                source += taken.width
            }
            return bytes.count
        }
    }
}

extension TextStep.Taken {
    /// The bytes of UTF-8 that it makes.
    fileprivate var textWidth: Int {
        (scalar.map { UTF8.width($0) } ?? 0) + (second.map { UTF8.width($0) } ?? 0)
    }
}
