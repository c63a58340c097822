/// Tells forms of XML by their outermost element.
enum RecognitionXML {
    /// The form of a document whose first element has this name, lower case, prefix included.
    static func form(ofRoot root: String?) -> Form {
        guard let root else { return .xml }
        let local = root.split(separator: ":").last.map(String.init) ?? root
        switch local {
        case "nitf": return .nitf
        case "newsmessage", "newsml": return .newsMessage
        case "newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem",
            "catalogitem", "groupset":
            return .newsML
        case "rss", "rdf", "feed": return .feed
        default: return .xml
        }
    }
}
