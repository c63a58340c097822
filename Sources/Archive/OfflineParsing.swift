internal import ArchiveProtocol
internal import Foundation
internal import Glibc

/// The way from a file to its articles without a daemon: what `archived parse` does.
public struct OfflineParsing: Sendable {
    private let opener: Opener
    private let parser: Parser
    /// The addresses that files were saved from, by the files' names.
    private let addresses: [[UInt8]: String]

    /// Takes the limits and the house styles of a configuration.
    ///
    /// - Parameter addresses: a file that tells where the files were saved from, in lines of a
    ///   name, a tab and an address.
    /// - Throws: an error that names the file and the key at fault.
    public init(configuration: String, addresses: String? = nil) throws {
        self.addresses = try addresses.map(Self.addresses(in:)) ?? [:]
        let directories = Directories(state: "/", runtime: "/", configuration: configuration)
        let settings = try Settings(file: configuration, stateDirectory: "/")
        opener = Opener(limits: settings.limits)
        parser = Parser(styles: try directories.styles(settings))
    }

    /// What is wrong with a configuration; nil where it would be accepted.
    public static func objection(toConfiguration path: String) -> String? {
        guard access(path, F_OK) == 0 else { return "\(path): there is no such file" }
        do {
            _ = try OfflineParsing(configuration: path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Writes the articles of a file to the standard output, one a line, and to the standard error
    /// what could not be read.
    ///
    /// - Parameters:
    ///   - listsMembers: writes a line for each member instead.
    ///   - withArticles: puts the article of each member into its line.
    /// - Returns: whether all of it could be read.
    public func parse(
        _ path: String, listsMembers: Bool, withArticles: Bool = false
    ) -> Bool {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            return complain(path, "cannot be opened: \(String(cString: strerror(errno)))")
        }
        let file = Descriptor(owning: number)
        let name = Array(path.utf8.split(separator: 0x2F).last ?? Substring(path).utf8)
        var isClean = true
        do {
            let package = try opener.open(descriptor: file.number, name: name) { piece in
                let isRead = write(
                    piece, of: path, name: name, listsMembers: listsMembers,
                    withArticles: withArticles)
                isClean = isRead && isClean
            }
            for refusal in package.refusals { isClean = complain(path, refusal.line) }
            for note in package.notes { _ = complain(path, note.line) }
        } catch let refusal as Refusal {
            isClean = complain(path, refusal.line)
        } catch {
            isClean = complain(path, "\(error)")
        }
        return isClean
    }

    private func write(
        _ piece: Piece, of path: String, name: [UInt8], listsMembers: Bool, withArticles: Bool
    ) -> Bool {
        var (member, capture, refusal) = Self.parts(piece, name: name)
        if capture?.url == nil { capture?.url = addresses[name] }
        var reading: Reading?
        var trouble = refusal
        if let capture {
            do throws(Refusal) { reading = try parser.read(capture) } catch { trouble = error }
        }
        if listsMembers {
            Self.print(
                Self.line(member, capture, reading, trouble, withArticle: withArticles))
        } else if case .article(let article)? = reading?.finding, let reading, let capture {
            let prepared = PreparedArticle(article, reading: reading, capture: capture)
            Self.print(prepared.document)
        } else if case .noArticle(_, let words)? = reading?.finding {
            _ = complain("\(path): \(member)", words)
        } else if case .withdrawal(let notice)? = reading?.finding {
            _ = complain("\(path): \(member)", notice.line)
        }
        guard let trouble else { return true }
        return complain("\(path): \(member)", trouble.line)
    }

    private static func parts(_ piece: Piece, name: [UInt8]) -> (String, Capture?, Refusal?) {
        switch piece {
        case .page(let capture): return (ByteName.display(name), capture, nil)
        case .member(let member):
            let path = ByteName.display(member.path)
            switch member.content {
            case .capture(let capture): return (path, capture, nil)
            case .refused(let refusal): return (path, nil, refusal)
            case .container, .passed: return (path, nil, nil)
            }
        }
    }

    private static func line(
        _ path: String, _ capture: Capture?, _ reading: Reading?, _ refusal: Refusal?,
        withArticle: Bool
    ) -> [UInt8] {
        var members: [JSON.Member] = [.init("path", .string(path))]
        if let capture {
            members.append(.init("size", .integer(capture.bytes.count)))
            members.append(.init("digest", .string(capture.digest.name)))
        }
        if let form = reading?.form { members.append(.init("form", .string(form))) }
        switch reading?.finding {
        case .article(let article)?:
            members.append(.init("outcome", "article"))
            if withArticle, let json = try? JSONParser.parse(article.contentBytes) {
                members.append(.init("article", json))
            }
        case .noArticle(let reason, let words)?:
            members += [
                .init("outcome", "no-article"), .init("reason", .string(reason.rawValue)),
                .init("detail", .string(words)),
            ]
        case .withdrawal(let notice)?:
            members += [.init("outcome", "withdrawal"), .init("detail", .string(notice.line))]
        case nil:
            members.append(.init("outcome", refusal == nil ? "container" : "refused"))
        }
        if let refusal {
            members += [
                .init("reason", .string(refusal.reason.rawValue)),
                .init("detail", .string(refusal.line)),
            ]
        }
        return JSON.object(members).bytes
    }

    private static func addresses(in path: String) throws -> [[UInt8]: String] {
        let text = try Data(contentsOf: URL(filePath: path))
        let lines = text.split(separator: 0x0A).map { $0.split(separator: 0x09, maxSplits: 1) }
        return Dictionary(
            lines.filter { $0.count == 2 }.map {
                (Array($0[0]), String(decoding: $0[1], as: UTF8.self))
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func print(_ line: [UInt8]) {
        var rest = (line + [0x0A])[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// - Returns: false, for the caller to hand on.
    private func complain(_ place: String, _ words: String) -> Bool {
        let line = Array("archived: \(place): \(words)\n".utf8)
        _ = Glibc.write(2, line, line.count)
        return false
    }
}
