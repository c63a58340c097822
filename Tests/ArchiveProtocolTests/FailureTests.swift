import ArchiveProtocol
import Testing

@Suite("Errors on the wire")
struct FailureTests {
    @Test(arguments: Failure.Code.allCases)
    func `every error survives the way`(code: Failure.Code) throws {
        let failure = Failure(
            code, "no article \"x\"", hint: "try 'list'", data: [.init("offset", 4)])
        #expect(Failure(try JSONParser.parse(failure.json.bytes)) == failure)
    }

    @Test
    func `an error says its name and whether to try again`() {
        let json = Failure(.busy, "full").json
        #expect(json["code"] == 1011)
        #expect(json["message"] == "full")
        #expect(json["data"]?["code"] == "busy")
        #expect(json["data"]?["retryable"] == true)
        #expect(json["data"]?["hint"] == nil)
        #expect(Failure(.notFound, "none").json["data"]?["retryable"] == false)
    }

    @Test
    func `an error of a later version is an internal one`() {
        #expect(Failure(["code": 4711, "message": "new"])?.code == .internalError)
        #expect(Failure(["code": 1001]) == nil)
        #expect(Failure("text") == nil)
    }

    @Test
    func `names are unlike each other`() {
        #expect(Set(Failure.Code.allCases.map(\.name)).count == Failure.Code.allCases.count)
    }

    @Test(arguments: [
        (Failure.Code.notFound, Int32(4)), (.querySyntax, 2), (.withdrawn, 7), (.notPermitted, 5),
        (.syncTimeout, 6), (.versionMismatch, 8), (.busy, 1),
    ])
    func `a script can tell them apart`(code: Failure.Code, exit: Int32) {
        #expect(code.exitCode == exit)
    }
}
