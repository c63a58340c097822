import ArchiveProtocol

/// A list that the daemon hands out page by page.
struct Pages {
    /// The method that answers with pages.
    var method: String
    /// Its parameters, without `limit` and `cursor`.
    var parameters: Parameters
    /// How many are wanted; nil for all.
    var wanted: Int?
    /// Where to go on.
    var cursor: String?

    /// The most that the protocol hands out at once.
    private static let pageLimit = 1000

    /// Calls `body` with each page until there are enough, and returns the last page.
    @discardableResult
    func follow(_ client: ArchiveClient, _ body: (JSON) throws -> Void) throws -> JSON {
        var left = wanted
        var cursor = cursor
        while true {
            var parameters = parameters
            parameters.add("limit", min(left ?? Self.pageLimit, Self.pageLimit))
            parameters.add("cursor", cursor)
            let page = try client.call(method, parameters.json).result
            try body(page)
            let count = page["items"]?.array?.count ?? 0
            left = left.map { $0 - count }
            cursor = page["nextCursor"]?.string
            guard cursor != nil, left.map({ $0 > 0 }) ?? true else { return page }
        }
    }

    /// Prints each element as the options ask, and returns the last page, with what the first one
    /// alone told.
    ///
    /// - Parameter begin: is given the first page before anything is printed for people.
    @discardableResult
    func print(
        _ client: ArchiveClient, to output: Output, begin: (JSON) -> Void = { _ in },
        short: (JSON) throws -> Void
    ) throws -> JSON {
        var gathered: [JSON] = []
        var first: JSON?
        let last = try follow(client) { page in
            if first == nil {
                first = page
                if output.format == .short { begin(page) }
            }
            let items = page["items"]?.array ?? []
            switch output.format {
            case .json: gathered += items
            case .jsonLines: for item in items { output.json(item) }
            case .short: for item in items { try short(item) }
            }
        }
        let whole = Self.completed(last, by: first)
        if output.format == .json { output.json(Self.document(whole, items: gathered)) }
        return whole
    }

    /// The last page with the members that the first one alone has.
    private static func completed(_ last: JSON, by first: JSON?) -> JSON {
        let members = last.members ?? []
        let further = (first?.members ?? []).filter { member in
            member.key != "nextCursor" && !members.contains { $0.key == member.key }
        }
        return .object(members + further)
    }

    /// The last page with the elements of all.
    private static func document(_ page: JSON, items: [JSON]) -> JSON {
        var members = page.members ?? []
        members.removeAll { $0.key == "items" }
        members.insert(.init("items", .array(items)), at: 0)
        return .object(members)
    }
}
