import ArchiveProtocol
public struct Daemon {}
