internal import CLinux
internal import Glibc
internal import Synchronization

/// One file of a segment, mapped into memory and checked page by page as it is read.
///
/// The file is its content, then an XXH64 for each 16 KiB of it, then a trailer of 40 bytes:
///
///     content | UInt64 a page | content size, page count, hash of the page hashes,
///                               hash of these three, "arcidx01"
///
/// All numbers are little-endian. Opening reads the hashes alone, so that an index of any size
/// opens at once; a page is hashed when it is first read, and never again. Content that is still
/// in memory is not checked: nothing but this process has touched it.
final class IndexFile: @unchecked Sendable {
    static let pageBits = 14
    static let trailerSize = 40
    static let magic: UInt64 = 0x3130_7864_6963_7261

    let name: String
    /// The size of the content.
    let count: Int
    private let base: UnsafeRawPointer
    private let mapped: Int
    /// One flag a page: whether it was hashed; nil in memory.
    private let checked: UnsafeMutablePointer<Atomic<UInt8>>?
    private let pageCount: Int

    /// Takes over content in memory; past its `count` bytes it has 64 more.
    init(name: String, owning content: UnsafeMutableRawPointer, count: Int) {
        self.name = name
        self.count = count
        base = UnsafeRawPointer(content)
        mapped = 0
        checked = nil
        pageCount = 0
    }

    /// Maps a file.
    init(directory: String, name: String) throws(IndexDamage) {
        self.name = name
        let number = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { throw IndexDamage(file: name, offset: 0, detail: "it is missing") }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0, status.st_size >= Self.trailerSize,
            let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, number, 0),
            address != MAP_FAILED
        else { throw IndexDamage(file: name, offset: 0, detail: "it is cut") }
        mapped = Int(status.st_size)
        base = UnsafeRawPointer(address)
        let trailer = base + (mapped - Self.trailerSize)
        let content = trailer.loadUnaligned(as: UInt64.self)
        let pages = trailer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let own = trailer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        let magic = trailer.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
        guard magic == Self.magic, content < 1 << 48, pages < 1 << 40,
            own == XXHash64.hash(UnsafeRawBufferPointer(start: trailer, count: 24)),
            Int(content) + 8 * Int(pages) + Self.trailerSize == mapped,
            Int(pages) == (Int(content) + (1 << Self.pageBits) - 1) >> Self.pageBits,
            trailer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                == XXHash64.hash(
                    UnsafeRawBufferPointer(start: base + Int(content), count: 8 * Int(pages)))
        else {
            munmap(address, mapped)
            throw IndexDamage(file: name, offset: mapped - 40, detail: "its trailer is wrong")
        }
        count = Int(content)
        pageCount = Int(pages)
        let flags = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: max(1, Int(pages)))
        for page in 0..<Int(pages) { (flags + page).initialize(to: Atomic(0)) }
        checked = flags
    }

    deinit {
        checked?.deallocate()
        if mapped > 0 {
            munmap(UnsafeMutableRawPointer(mutating: base), mapped)
        } else {
            UnsafeMutableRawPointer(mutating: base).deallocate()
        }
    }

    /// Whether the content is in a file, not in memory.
    var isMapped: Bool { mapped > 0 }

    /// The bytes at `offset`, hashed if nobody has read them before.
    ///
    /// Sixteen bytes past the end may be loaded, and have no meaning.
    @inline(__always)
    func bytes(at offset: Int, _ size: Int) throws(IndexDamage) -> UnsafeRawPointer {
        guard offset >= 0, size >= 0, size <= count, offset <= count - size else {
            throw IndexDamage(file: name, offset: offset, detail: "something lies beyond its end")
        }
        if let checked, size > 0 {
            for page in offset >> Self.pageBits...(offset + size - 1) >> Self.pageBits
            where checked[page].load(ordering: .relaxed) == 0 {
                try check(page, checked)
            }
        }
        return base + offset
    }

    @inline(never)
    private func check(_ page: Int, _ checked: UnsafeMutablePointer<Atomic<UInt8>>)
        throws(IndexDamage)
    {
        let start = page << Self.pageBits
        let bytes = UnsafeRawBufferPointer(
            start: base + start, count: min(1 << Self.pageBits, count - start))
        let wanted = base.loadUnaligned(fromByteOffset: count + 8 * page, as: UInt64.self)
        guard XXHash64.hash(bytes) == wanted else {
            throw IndexDamage(file: name, offset: start, detail: "its checksum is wrong")
        }
        checked[page].store(1, ordering: .relaxed)
    }

    /// Lets go of the memory that shows a stretch, which is mapped again if it is read again.
    ///
    /// Who reads a whole file would otherwise hold all of it.
    func letGo(_ stretch: Range<Int>) {
        let page = 1 << Self.pageBits
        let start = stretch.lowerBound / page * page
        let end = min(stretch.upperBound, count) / page * page
        guard mapped > 0, end > start else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }

    /// Has the system read the file into its cache, and waits for none of it.
    func readAhead() {
        guard mapped > 0 else { return }
        madvise(UnsafeMutableRawPointer(mutating: base), mapped, MADV_WILLNEED)
    }

    /// What names this content among all files: the hash over its trailer.
    var fingerprint: UInt64 {
        guard mapped > 0 else { return 0 }
        return base.loadUnaligned(fromByteOffset: mapped - 16, as: UInt64.self)
    }
}
