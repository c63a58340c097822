/// Memory for the length of one task, such as a query: given back all at once.
///
/// The pointers live as long as this object; inner loops read and write through them without
/// counting references.
final class Scratch {
    private var blocks: [UnsafeMutableRawPointer] = []

    init() {}

    deinit { for block in blocks { block.deallocate() } }

    /// Room for `count` values, all of them zero.
    func zeros<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type)
        -> UnsafeMutablePointer<Value>
    {
        let size = max(1, count) * MemoryLayout<Value>.stride + 64
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        blocks.append(block)
        return block.assumingMemoryBound(to: type)
    }
}
