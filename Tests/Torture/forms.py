"""Containers written byte by byte, so that each byte can lie."""

import io
import struct
import tarfile
import zipfile
import zlib


def zip_of(*members, method=zipfile.ZIP_DEFLATED):
    """An honest zip of (name, bytes); a name may be a whole header."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zip_entry(name)
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def zip_entry(name):
    return zipfile.ZipInfo(name, (2015, 3, 4, 7, 33, 0))


def zip_link(name, target):
    """A member that is a symbolic link."""
    info = zip_entry(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info, target


def tar_of(*members):
    """A tar of (name, bytes) or of whole headers."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def tar_entry(name, kind, target="", device=(0, 0), mode=0o644):
    """A member of a tar that is no plain file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    info.devmajor, info.devminor = device
    return info


def tar_header(name, size, checksum=None, kind=b"0"):
    """The header of a tar with the twelve bytes of its size as they are given."""
    head = bytearray(512)
    head[0:len(name)] = name
    head[100:108] = b"0000644\0"
    head[124:136] = size.ljust(12, b"\0")
    head[136:148] = b"12345670000\0"
    head[156:157] = kind
    head[257:265] = b"ustar\x0000"
    head[148:156] = b" " * 8
    total = sum(head) if checksum is None else checksum
    head[148:156] = b"%06o\0 " % total
    return bytes(head)


def pax(*pairs):
    """The words before a member of a tar; each pair tells its own length, which counts itself."""
    def line(key, value):
        rest = b" %s=%s\n" % (key, value)
        length = len(rest)
        while len(b"%d" % length) + len(rest) != length:
            length = len(b"%d" % length) + len(rest)
        return b"%d" % length + rest
    return b"".join(line(*pair) for pair in pairs)


def gzip_of(data, level=9):
    """One gzip part without a name or a time."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + packer.compress(data) + packer.flush()
            + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))


def gzip_bomb(head, byte, count):
    """One gzip part: `head`, then `count` mebibytes of one byte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = byte * (1 << 20)
    out = [packer.compress(head)]
    crc = zlib.crc32(head)
    for _ in range(count):
        out.append(packer.compress(block))
        crc = zlib.crc32(block, crc)
    size = (len(head) + count * len(block)) & 0xFFFFFFFF
    return (b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + b"".join(out) + packer.flush()
            + struct.pack("<II", crc, size))


def zstd_frame(*blocks, window_log=20):
    """A zstd frame of bytes as they are, or of (byte, count) repeated; no check sum."""
    out = bytearray(b"\x28\xb5\x2f\xfd\x00" + bytes([(window_log - 10) << 3]))
    pieces = []
    for block in blocks:
        if isinstance(block, tuple):
            byte, count = block
            while count:
                step = min(count, 1 << 17)
                pieces.append((1, step, byte))
                count -= step
        else:
            pieces += [(0, len(block[i:i + 4096]), block[i:i + 4096])
                       for i in range(0, len(block), 4096)]
    for index, (kind, size, data) in enumerate(pieces):
        head = int(index == len(pieces) - 1) | kind << 1 | size << 3
        out += struct.pack("<I", head)[:3] + data
    return bytes(out)


class Bits:
    """Bits put together from the lowest up, as brotli wants them."""

    def __init__(self):
        self.value = self.count = 0
        self.out = bytearray()

    def put(self, value, width):
        self.value |= value << self.count
        self.count += width
        while self.count >= 8:
            self.out.append(self.value & 0xFF)
            self.value >>= 8
            self.count -= 8

    def align(self):
        if self.count:
            self.put(0, 8 - self.count)


def brotli_bomb(head, byte, count):
    """A brotli stream: `head` as it is, then `count` times 8 MiB of one byte, 23 bytes each."""
    bits = Bits()
    bits.put(0b1111, 4)  # a window of 2^24
    bits.put(0, 1)
    bits.put(0, 2)
    bits.put(len(head) - 1, 16)
    bits.put(1, 1)
    bits.align()
    bits.out += head
    for _ in range(count):
        length = 8 << 20
        bits.put(0, 1)
        bits.put(2, 2)  # six nibbles of length
        bits.put(length - 1, 24)
        bits.put(0, 1)
        bits.put(0, 3)  # one type of literals, of commands, of distances
        bits.put(0, 6)
        bits.put(0, 2)
        bits.put(0, 2)
        for symbol, width in ((byte, 8), (399, 10), (16, 6)):  # codes of one symbol, of no bits
            bits.put(1, 2)
            bits.put(0, 2)
            bits.put(symbol, width)
        bits.put(length - 1 - 2118, 24)  # one literal, then its copy
        bits.put(0, 1)  # from a distance of one
    bits.put(1, 1)
    bits.put(1, 1)
    bits.align()
    return bytes(bits.out)


def record(kind, block, *fields, length=None, version="1.0", uri="https://courier.example/x"):
    """A WARC record; `length` where it is to lie."""
    lines = [f"WARC/{version}", f"WARC-Type: {kind}",
             "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012x>" % zlib.crc32(block),
             "WARC-Date: 2015-03-04T07:33:00Z", f"WARC-Target-URI: {uri}",
             "Content-Type: application/http; msgtype=response", *fields]
    if length is not False:
        lines.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(body, *fields, status="200 OK", media="text/html"):
    """An answer of HTTP as a crawler keeps it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def message(*parts, boundary="b0", stated=None, head="", end=True):
    """A MIME message of (fields, bytes)."""
    stated = f'; boundary="{boundary}"' if stated is None else stated
    out = [f"From: <Saved>\r\nSubject: page\r\n{head}MIME-Version: 1.0\r\nContent-Type: "
           f"multipart/related; type=\"text/html\"{stated}\r\n\r\n".encode()]
    for fields, data in parts:
        out.append(f"--{boundary}\r\n{fields}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(out) + (f"--{boundary}--\r\n".encode() if end else b"")
