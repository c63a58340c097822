/// A file of the index is not what was written; the index must be deleted and made anew.
///
/// It is thrown before a wrong answer can come of the damage: everything in the index can be
/// read again from the articles, so there is nothing to mend.
struct IndexDamage: Error, Hashable, CustomStringConvertible {
    /// The name of the file within the directory of the index.
    var file: String
    /// The byte at which it was noticed.
    var offset: Int
    /// What is wrong, lower case, no full stop.
    var detail: String

    var description: String {
        "index file \(file) is damaged at byte \(offset): \(detail); it is made anew"
    }
}
