/// The journal's names for events that an administrator may want to act on (`docs/journal.md`).
///
/// Given as the metadata `message-id` of a log entry; `journalctl -x` explains them.
enum MessageID {
    static let started = "48b10c5376994ab2bd1a7ef66b7c5b45"
    static let quarantined = "d3a77f6bb8464e6fa48ca48867b137cb"
    static let keptInPart = "8873e08f052f43dca9d7aaca50a82e59"
    static let inboxMissing = "53c2d2d48a634acd8dfc8bdcc27d0bd6"
    static let overflow = "e815c14f45a7443e9c722b2ac8c184ff"
    static let storageFull = "ba3b73c4fcde409d809e355be16f91b5"
    static let configurationRefused = "91e54539d9a34599ab7c22a20ab89276"
    static let fixityFailed = "e68a6fcadfd349d3890d77b23c4db7dd"
    static let indexRebuilt = "c353c959e5b54a43a320a17c4a10ea8a"
    static let damageFound = "0a83a6dca7794c07adf33aeeaed1dfc4"
    static let damageMended = "675b9552e4214764b9cb1531ca3a528b"
    static let administration = "aa7c23992c69479fa208f040f908fde5"
}
