"""What rude clients say, and what is to come back."""

STATUS = b'{"jsonrpc":"2.0","id":1,"method":"archive.status"}\n'


def search(query):
    return (b'{"jsonrpc":"2.0","id":1,"method":"articles.search","params":{"query":'
            + query + b"}}\n")


def own():
    """Our conversations: name, what is sent, what is to come back."""
    ping = b'{"jsonrpc":"2.0","id":%s,"method":"ping"}\n'
    yield "plain", [STATUS], {"result": True}
    yield "crlf", [STATUS.replace(b"\n", b"\r\n")], {"result": True}
    yield "letters", [bytes([b]) for b in STATUS], {"result": True}
    yield "many", [STATUS * 2_000], {"results": 2_000}
    yield "blank-lines", [b"\n\r\n" + STATUS], {"result": True}
    yield "no-end", [STATUS[:-1]], {"error": -32700, "shut_wr": True}
    yield "words", [b"hello\n" + STATUS], {"seq": [-32700, "result"]}
    yield "http", [b"POST / HTTP/1.1\r\nHost: a\r\n\r\n" + STATUS], {
        "seq": [-32700, -32700, "result"]}
    yield "scalars", [b"7\n\"a\"\nnull\ntrue\n1.5e3\n"], {"seq": [-32600] * 5}
    yield "batch", [b"[" + STATUS[:-1] + b"]\n" + STATUS], {"seq": [-32600, "result"]}
    yield "deep", [b"[" * 400_000 + b"\n" + STATUS], {"seq": [-32700, "result"]}
    yield "deep-objects", [b'{"a":' * 100_000 + b"\n" + STATUS], {"seq": [-32700, "result"]}
    yield "deep-params", [search(b"[" * 31 + b"]" * 31)], {"any": [-32602, -32700]}
    for name, line in [
        ("id", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}\n'),
        ("method", b'{"jsonrpc":"2.0","id":1,"method":"ping","method":"archive.reload"}\n'),
        ("params", b'{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"a"},'
                   b'"params":{"id":"b"}}\n'),
        ("escaped", b'{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"archive.reload"}\n'),
    ]:
        yield "twice-" + name, [line + STATUS], {"seq": [-32700, "result"]}
    for name, bad in [
        ("utf8", b"\xff\xfe"), ("overlong", b"\xc0\xaf"), ("surrogate-bytes", b"\xed\xa0\x80"),
        ("beyond", b"\xf4\x90\x80\x80"), ("cut-letter", b"\xe2\x82"), ("control", b"\x01"),
        ("nul", b"\x00"), ("lone-surrogate", b"\\ud800"), ("escape", b"\\x41"),
    ]:
        yield "bad-" + name, [search(b'"' + bad + b'"') + STATUS], {"seq": [-32700, "result"]}
    yield "escaped-nul", [search(b'"a\\u0000b"')], {"any": ["result", -32602, 1005]}
    yield "bom", [b"\xef\xbb\xbf" + STATUS], {"any": [-32700]}
    yield "utf16", [STATUS.decode().encode("utf-16") + b"\n"], {"error": -32700}
    yield "raw-nuls", [bytes(1_000) + b"\n" + STATUS], {"seq": [-32700, "result"]}
    for name, number, code in [
        ("huge", b"18446744073709551616", -32602), ("negative", b"-1", -32602),
        ("fraction", b"1.5", -32602), ("exponent", b"1e400", -32602),
        ("long", b"9" * 200_000, -32602), ("leading", b"007", -32700), ("plus", b"+7", -32700),
        ("nan", b"NaN", -32700), ("hex", b"0x10", -32700), ("text", b'"7"', -32602),
    ]:
        line = search(b'"a","limit":' + number)
        yield "number-" + name, [line + STATUS], {"seq": [code, "result"]}
    for number in (b"9007199254740993", b"-0", b"1e3", b"1.50", b"9" * 400, b'"\\u0041\\n"'):
        yield "id-" + number[:12].decode(), [ping % number], {"id": number}
    for identifier in (b"null", b"true", b"[]", b"{}"):
        yield "id-" + identifier.decode(), [ping % identifier], {"error": -32600}
    yield "version", [b'{"jsonrpc":"1.0","id":1,"method":"ping"}\n'], {"error": -32600}
    yield "member", [b'{"jsonrpc":"2.0","id":1,"method":"ping","x":1}\n'], {"error": -32600}
    yield "params-list", [b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}\n'], {
        "error": -32602}
    yield "method-none", [b'{"jsonrpc":"2.0","id":1,"method":"x"}\n'], {"error": -32601}
    yield "method-long", [b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 900_000 + b'"}\n'], {
        "error": -32601}
    yield "parameter", [search(b'"a","\\u001b[2J":1')], {"error": -32602}
    yield "query-signs", [search(b'"NEAR(\\"a\\" b) OR * ^ a:b -- \'"')], {
        "any": ["result", -32602, 1005]}
    yield "query-many", [search(b'"' + b"a* OR " * 40_000 + b'b"')], {
        "any": ["result", -32602, 1005]}
    yield "query-brackets", [search(b'"' + b"(" * 200_000 + b'"')], {
        "any": ["result", -32602, 1005]}
    yield "query-nots", [search(b'"' + b"-" * 200_000 + b'a"')], {"any": ["result", -32602, 1005]}
    yield "query-marks", [search(b'"' + b'\\"' * 99_999 + b'"')], {
        "any": ["result", -32602, 1005]}
    yield "cursor-forged", [search(b'"a","cursor":"AAAA"')], {"any": [1006, -32602]}
    yield "cursor-long", [search(b'"a","cursor":"' + b"QUFB" * 90_000 + b'"')], {
        "any": [1006, -32602]}
    yield "long-line", [b"x" * (1 << 20)] * 16, {"error": 1007, "close": True}
    yield "note", [b'{"jsonrpc":"2.0","method":"ping"}\n' + STATUS], {"results": 1}
