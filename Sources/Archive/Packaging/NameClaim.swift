/// What a name claims its file to be, held against what it is.
///
/// A file is read as what it is, whatever it is called; a wrong name is told, and costs nothing.
enum NameClaim {
    /// What endings claim, as the forms that bear them out.
    ///
    /// A form that is not in the table, and an ending that is not, contradicts nobody.
    private static let claims: [(endings: [String], forms: Set<Form>)] = [
        (["html", "htm", "xhtml", "shtml"], [.html, .pageText, .markdown]),
        (["txt", "text"], [.pageText, .markdown]),
        (["md", "markdown"], [.markdown, .pageText, .html]),
        (["json", "jsonl", "ndjson"], [.json]),
        (["xml"], [.xml, .html]),
        (["mht", "mhtml", "eml"], [.mhtml]),
        (["warc"], [.warc]), (["arc"], [.arc]),
        (["zip", "wacz", "docx", "xlsx", "pptx", "odt", "epub", "maff"], [.zip]),
        (["tar"], [.tar]), (["gz", "tgz"], [.gzip]), (["bz2", "tbz", "tbz2"], [.bzip2]),
        (["xz", "txz"], [.xz]), (["zst", "tzst"], [.zstd]), (["lz4"], [.lz4]),
        (["7z"], [.sevenZip]), (["rar"], [.rar]),
        (["pdf"], [.pdf]), (["doc", "rtf"], [.office]),
        (["jpg", "jpeg", "png", "gif", "tif", "tiff", "webp", "avif", "heic", "ico"], [.image]),
        (["mp3", "ogg", "flac", "wav", "m4a"], [.audio]),
        (["mp4", "mov", "avi", "mkv", "webm"], [.video]),
    ]

    private static let known = claims.reduce(into: Set<Form>()) { $0.formUnion($1.forms) }
        .union([.cpio, .ar, .cab, .lzip, .compress, .binaryPropertyList, .cdx])

    /// What to say of a file of that name; nil where the name is right or claims nothing.
    static func mismatch(_ name: [UInt8], _ form: Form) -> Refusal? {
        guard known.contains(form), let dot = name.lastIndex(of: 0x2e) else { return nil }
        let ending = String(decoding: name[(dot + 1)...].prefix(8), as: UTF8.self).lowercased()
        guard let claim = claims.first(where: { $0.endings.contains(ending) }),
            !claim.forms.contains(form)
        else { return nil }
        return Refusal(.typeMismatch, "named .\(ending), but it is \(form.words)")
    }
}
