import ArchiveProtocol
import ArgumentParser

/// How a verb with several arguments went: one that fails does not stop the others.
struct Tally {
    private var exitCode: Int32 = 0

    /// Runs `body`; what is wrong with this argument alone is told, and remembered.
    mutating func attempt(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            note(Complaint(failure))
        } catch let complaint as Complaint {
            note(complaint)
        }
    }

    private mutating func note(_ complaint: Complaint) {
        Output.complain(complaint)
        fail(complaint.exitCode)
    }

    /// Remembers that something was found wrong.
    mutating func fail(_ code: Int32 = 1) {
        if exitCode == 0 { exitCode = code }
    }

    /// Ends the program with the code of the first that went wrong, if any.
    func finish() throws {
        if exitCode != 0 { throw ExitCode(exitCode) }
    }
}
