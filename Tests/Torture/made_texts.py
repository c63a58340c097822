"""Texts: lengths, letters, dates, escapes, and words that make a slow reader slower."""

from made import Case, story


def cases(rng):
    yield from letters()
    yield from dates()
    yield from steering()
    yield from slow(rng)
    yield from markdown()


def letters():
    def text(name, data, *expect, about, checks=()):
        return Case(name, name + ".txt", data, *(expect or ("ingest 1",)), about=about,
                    checks=checks)

    plain = story("letters")
    quoted = story("curly").decode().replace('"We', "“We").replace('resign,"', "resign,”")
    yield text("text-nothing", b"", "quarantine empty", "wait empty", about="no bytes")
    yield text("text-blanks", b" \r\n\t" * 3000, "quarantine empty", about="white space")
    yield text("text-few", b"Back to top\n", "quarantine no-article", about="three words")
    yield text("text-bom", b"\xef\xbb\xbf" + story("marked"), about="a byte order mark",
               checks=["text:pays half"])
    for order in ("le", "be"):
        mark = "\ufeff" + story("wide" + order).decode()
        yield text("text-utf16" + order, mark.encode("utf-16-" + order),
                   about="UTF-16 with its mark", checks=["text:wide" + order])
    yield text("text-utf16-odd", quoted.encode("utf-16") + b"\x41", "ingest 1",
               "quarantine encoding", about="UTF-16 with half a letter behind it")
    yield text("text-utf32", story("fourbytes").decode().encode("utf-32"), "ingest 1",
               "quarantine encoding", "quarantine not-text", "ingest 0", about="UTF-32")
    yield text("text-1252", quoted.replace("curly", "western").encode("cp1252"),
               about="windows-1252 that nothing tells", checks=["text:“We will open western"])
    yield text("text-broken", story("brokenbytes").replace(b"county", b"c\xffun\xc3ty\xe2\x82"),
               about="malformed bytes in the midst", checks=["text:pays half", "warn:encoding"])
    yield text("text-cut-letter", story("cutletter") + b"\xe2\x80",
               about="an end within a letter", checks=["text:pays half"])
    yield text("text-overlong", story("overlong") + b"\xc0\xaf\xe0\x80\xaf\n",
               about="overlong sequences", checks=["warn:encoding"])
    yield text("text-nul", story("nulbyte").replace(b"winter.", b"win\x00ter.", 1),
               about="a zero byte in the text", checks=["text:pays half"])
    yield text("text-elf", b"\x7fELF\x02\x01\x01" + bytes(57) + bytes(range(256)) * 40,
               "quarantine unsupported", "quarantine not-text", about="a program")
    yield text("text-twice-1", plain, about="a text")
    yield text("text-twice-2", plain, "ingest 0", "ingest 1", about="the same bytes again")


def dates():
    for number, (date, checks) in enumerate([
        ("February 30, 2015 7:33am", ["warn:date"]), ("March 4, 2015 27:93pm", ["warn:date"]),
        ("March 4, 0000 7:33am", ["warn:date"]), ("March 4, 987654321 7:33am", ["warn:date"]),
        ("March 4, 2999 7:33am", ["warn:date"]), ("Marchember 41, 2O15", ["warn:date"]),
        ("January 1, 1066 0:00am", ["warn:date"]), ("-4 March 2015", []), ("2015-13-41", []),
        ("29 February 1900", ["warn:date"]), ("March 29, 2015 2:30am", []),
    ]):
        name = f"date-{number:02}"
        yield Case(name, name + ".txt", story(f"date{number}", byline=f"By Ada Quill | {date}"),
                   "ingest 1", about=f"the date {date}", checks=checks)


def steering():
    clear = "\x1b[2J\x1b]52;c;cm0=\x07\x1b]8;;http://x.example\x07here\x1b\\\x9b31m\x08\x07"
    once = ["noescape"]
    yield Case("text-steering", "text-steering.txt", story(
        "steering", title=f"Council {clear} Weighs a Bridge",
        tail=f"The mayor said {clear} again.\n"), "ingest 1", "ingest 0", checks=once,
        about="escapes of a terminal in the title and the text")
    yield Case("text-steering-byline", "text-steering-byline.txt", story(
        "steeringby", byline=f"By Ada {clear} Quill | March 4, 2015 7:33am"), "ingest 1",
        "ingest 0", checks=once, about="escapes of a terminal in the byline")
    yield Case("text-turned", "text-turned.txt", story(
        "turned", title="Council \u202eegdirB eht shgieW\u202c \u2066\u200b\u200f"), "ingest 1",
        checks=once, about="a title that is turned round")
    yield Case("text-marks", "text-marks.txt", story(
        "marks", title="Council \ue000\ue000 Weighs \ue001 a Bridge \ue000"), "ingest 1",
        checks=once, about="our own marks of a snippet in the title")
    yield Case("text-line-forged", "text-line-forged.txt", story(
        "forged", title="Council Weighs\u2028 2026-01-01T00:00:00Z critical lost\u0085 x"),
        "ingest 1", checks=once, about="separators of lines in the title")
    yield Case("text-request", "text-request.txt", story(
        "request", tail='{"jsonrpc":"2.0","id":1,"method":"archive.reload"}\n'), "ingest 1",
        about="a text that holds a request")
    yield Case("text-query", "text-query.txt", story(
        "query", tail="NEAR(\"a\" b) OR * AND ^ '); DROP TABLE article;-- \x01\n"), "ingest 1",
        about="a text that holds queries")


def slow(rng):
    def text(name, tail, about, title=None, byline=None):
        given = {"title": title} if title else {}
        given |= {"byline": byline} if byline else {}
        return Case(name, name + ".txt", story(name.replace("-", ""), tail=tail, **given),
                    "ingest 1", "ingest 0", about=about, checks=["linear"], seconds=5)

    yield text("slow-quotes", "“" * 60_000, "marks that never close")
    yield text("slow-said", "said Mr. " * 20_000, "sayings of nobody")
    yield text("slow-names", "Ada Quill, " * 20_000 + "said so.", "20,000 names before one verb")
    yield text("slow-blanks", " " * 300_000 + "x", "300,000 blanks before a word")
    yield text("slow-digits", "9" * 300_000, "a number of 300,000 digits")
    yield text("slow-a", "a" * 400_000 + "!", "one word of 400,000 letters")
    yield text("slow-commas", "a, " * 100_000, "100,000 commas")
    yield text("slow-accents", "e" + "\u0301" * 200_000, "200,000 accents on one letter")
    yield text("slow-emoji", "👨" + "\u200d👩" * 20_000, "an emoji of 20,000 persons")
    yield text("slow-dots", "Mr. St. U.S. " * 20_000, "dots that end no sentence")
    yield text("slow-lines", "\n" * 300_000, "300,000 empty lines")
    yield text("slow-byline", "", "a byline of 30,000 names",
               byline="By " + " and ".join(["Ada Quill"] * 30_000) + " | March 4, 2015")
    yield text("slow-title", "", "a title of 50,000 words", title="Bridge " * 50_000)
    mixed = "".join(rng.choice(["“", "”", '"', "'", "said ", "he ", ". ", "By "]) for _ in
                    range(60_000))
    yield text("slow-mixed", mixed, "60,000 marks, verbs and stops, shuffled")


def markdown():
    def text(name, data, *expect, about):
        return Case(name, name + ".md", data.encode() + story(name.replace("-", "")),
                    *(expect or ("ingest 1",)), about=about, checks=["linear"], seconds=5)

    head = "---\ntitle: Council Weighs a Bridge\ndate: 2015-03-04\n---\n\n"
    yield text("md-open", "---\ntitle: Never Closed\n\n", "ingest 1", "ingest 0",
               about="front matter that never closes")
    yield text("md-types", "---\ntitle: [1, {a: b}]\ndate: {}\ntitle: x\nauthor: 7\n---\n",
               "ingest 1", "ingest 0", about="front matter of wrong types")
    yield text("md-bomb", "---\na: &a [x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)},*{chr(97 + i)}]\n"
        for i in range(20)) + "title: Laughing\n---\n", "ingest 1", "ingest 0",
        "quarantine expansion", about="anchors of anchors (YAML)")
    yield text("md-flow", "---\ntitle: " + "[" * 50_000 + "\n---\n", "ingest 1", "ingest 0",
               "quarantine nesting", about="50,000 open lists (YAML)")
    yield text("md-quotes", head + ">" * 40_000 + " x\n\n", about="40,000 quotes in each other")
    yield text("md-links", head + "[a](" * 50_000 + "\n\n", about="50,000 links never closed")
    yield text("md-stars", head + "*a **b " * 30_000 + "\n\n", about="emphasis never closed")
    yield text("md-ticks", head + "".join("`" * n + " " for n in range(1, 600)) + "\n\n",
               about="600 lengths of ticks")
    yield text("md-lists", head + "".join(" " * n + "- a\n" for n in range(800)) + "\n",
               about="800 lists within each other")
