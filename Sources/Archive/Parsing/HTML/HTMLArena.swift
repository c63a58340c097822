/// Room of a fixed size that is filled from its beginning: the nodes of a page while its tree is
/// built, the attributes, the open elements.
///
/// It writes into memory that somebody else owns. Every access is checked against `count`; what is
/// appended to a full arena is dropped and told by `isOverfull`.
struct HTMLArena<Element: BitwiseCopyable> {
    private let buffer: UnsafeMutableBufferPointer<Element>
    private(set) var count = 0
    /// Whether something did not fit.
    private(set) var isOverfull = false

    init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }

    /// How many more elements fit.
    @inline(__always)
    var room: Int { buffer.count - count }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return buffer[index]
        }
        nonmutating _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            yield &buffer[index]
        }
    }

    @inline(__always)
    subscript(index: Int32) -> Element {
        get { self[Int(index)] }
        nonmutating _modify { yield &self[Int(index)] }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        guard count < buffer.count else {
            isOverfull = true
            return
        }
        buffer.initializeElement(at: count, to: element)
        count += 1
    }

    /// Drops the elements from `count` on.
    @inline(__always)
    mutating func cut(to count: Int) {
        if count >= 0, count < self.count { self.count = count }
    }

    mutating func insert(_ element: Element, at index: Int) {
        append(element)
        var place = count - 1
        while place > index {
            self[place] = self[place - 1]
            place -= 1
        }
        self[place] = element
    }

    mutating func remove(at index: Int) {
        var place = index
        while place + 1 < count {
            self[place] = self[place + 1]
            place += 1
        }
        cut(to: count - 1)
    }
}
