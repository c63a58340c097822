import ArchiveProtocol
import CLinux
import Glibc
import Logging
import Testing

@testable import Archive

/// What waits for clients: in order, and large results once for all of them.
@Suite struct OutputTests {
    private static func context() throws -> LoopContext {
        LoopContext(
            service: StubService(), limits: SocketLimits(), logger: Logger(label: "test"),
            mailbox: try Mailbox())
    }

    /// A socket that an output sends on, and the end that the client reads.
    private struct Pair {
        let ours: Descriptor
        let theirs: Descriptor

        init() throws {
            var ends: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
            (ours, theirs) = (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
        }

        /// What can be read now, and how many descriptors came along.
        func read(_ limit: Int) -> (bytes: [UInt8], descriptors: Int) {
            var buffer = [UInt8](repeating: 0, count: limit)
            var descriptors = 0
            let count = buffer.withUnsafeMutableBytes {
                DescriptorPassing.receive(theirs.number, into: $0) {
                    close($0)
                    descriptors += 1
                }
            }
            return (Array(buffer.prefix(max(0, count))), descriptors)
        }
    }

    private static func append(
        _ id: Int, _ result: [UInt8], to output: Output, descriptor: Descriptor? = nil
    ) {
        Array("\(id)".utf8).withUnsafeBytes {
            output.appendAnswer(id: $0, result: result, descriptor: descriptor)
        }
    }

    private static func line(_ id: Int, _ result: [UInt8]) -> [UInt8] {
        Array("{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":".utf8) + result + Array("}\n".utf8)
    }

    @Test func `large and small lines arrive whole and in order however little is taken`() throws {
        let context = try Self.context()
        let pair = try Pair()
        let output = Output(socket: pair.ours.number, context: context)
        let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var expected: [UInt8] = []
        for id in 0..<6 {
            Self.append(id, large, to: output)
            output.append(Array("small\n".utf8))
            Self.append(100 + id, [0x31], to: output)
            expected += Self.line(id, large) + Array("small\n".utf8) + Self.line(100 + id, [0x31])
        }
        #expect(output.count == expected.count)
        var read: [UInt8] = []
        while read.count < expected.count {
            output.send()
            #expect(output.count == 0 || output.isStalled)
            let piece = pair.read(1 + read.count % 50_000).bytes
            try #require(!piece.isEmpty)
            read += piece
        }
        #expect(read == expected)
        #expect(output.isEmpty && output.ownCount == 0 && !output.isStalled)
        #expect(context.heldBytes == 0)
    }

    @Test func `a large result that many wait for is held once`() throws {
        let context = try Self.context()
        let pairs = try (0..<50).map { _ in try Pair() }
        let outputs = pairs.map { Output(socket: $0.ours.number, context: context) }
        let result = [UInt8](repeating: 0x31, count: 1_000_000)
        for output in outputs {
            Self.append(7, result, to: output)
            output.send()
            #expect(output.isStalled)
        }
        #expect(context.heldBytes == result.count)
        #expect(outputs.allSatisfy { $0.ownCount < 100 && $0.count > 500_000 })
        for output in outputs.dropLast() { output.breakOff() }
        #expect(context.heldBytes == result.count)
        outputs.last?.breakOff()
        #expect(context.heldBytes == 0)
    }

    @Test func `descriptors go with their lines, large or small`() throws {
        let context = try Self.context()
        let pair = try Pair()
        let output = Output(socket: pair.ours.number, context: context)
        let large = [UInt8](repeating: 0x31, count: 30_000)
        for (id, result) in [(1, [0x31]), (2, large), (3, [0x31]), (4, large)] {
            let file = Descriptor(owning: memfd(1))
            Self.append(id, result, to: output, descriptor: id == 1 ? nil : file)
        }
        output.send()
        #expect(output.isEmpty)
        var descriptors = 0
        var read: [UInt8] = []
        while true {
            let (bytes, count) = pair.read(1 << 20)
            guard !bytes.isEmpty else { break }
            descriptors += count
            read += bytes
        }
        #expect(descriptors == 3)
        let expected = Self.line(1, [0x31]) + Self.line(2, large) + Self.line(3, [0x31])
        #expect(read == expected + Self.line(4, large))
    }
}
