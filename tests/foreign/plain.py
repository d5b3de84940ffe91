"""Writes the schema for other protobuf compilers.

    python3 tests/foreign/plain.py SCHEMA TARGET [--form plain|without-required|proto3]

SCHEMA is the folder of the .proto files, TARGET a folder that is made. What is left out:

- options of our own, such as `(Rules.field).max_len`, and comments that belong to them;
- the files that declare them, but for messages there that others use (`Http.Content`);
- the import of `google/protobuf/descriptor.proto`;
- in the form `without-required` the label `required`, in whose place `optional` is written;
- in the form `proto3` besides that the defaults. Enums start with their value 0, which is added
  where there is none.

Each file gets the file options that other languages need. Comments, `deprecated`, `default`,
`json_name`, `allow_alias` and `idempotency_level` stay.
"""

import argparse
import pathlib
import re

JAVA_PACKAGE = "com.example.diadoc"
GO_PACKAGE = "example.com/diadoc"
WIDTH = 100
# What stands at the top of a file of options of which messages alone are left.
REST_COMMENT = "// Responses of methods that answer with a file, a text or nothing."
# What stands with a field that protobuf does not have.
JSON_COMMENT = "// In JSON alone: the number never travels."
NUMBERS = ("int32", "int64", "uint32", "uint64", "sfixed64", "double", "bool")
FORMS = ("plain", "without-required", "proto3")

TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')'
    r"|(?P<word>[\w.+-]+)|(?P<symbol>.)",
    re.DOTALL,
)


class Block:
    """One statement: comments before it, its head, and statements in braces where it has them."""

    def __init__(self, comments, head, body, blank):
        self.comments, self.head, self.body, self.blank = comments, head, body, blank

    def word(self, n):
        words = [t for t in self.head if t.strip()]
        return words[n] if n < len(words) else ""


def tokens(text):
    return [(m.lastgroup, m.group()) for m in TOKEN.finditer(text)]


def parse(text):
    """The statements of a file, and the comments at its end."""
    blocks, comments, _ = statements(tokens(text), 0)
    return blocks, comments


def statements(toks, at):
    blocks, comments, head, blank, lines = [], [], [], False, 0
    depth = 0
    while at < len(toks):
        kind, text = toks[at]
        at += 1
        if kind == "space":
            lines = text.count("\n")
            if head:
                head.append(" ")
            elif lines > 1 and comments:
                comments.append("")
            elif lines > 1:
                blank = True
            continue
        if kind == "comment":
            if not head:
                comments.append(text.rstrip())
            continue
        if not head and text == "}":
            return blocks, comments, at
        if text in "[(" or text == "{" and (depth or is_value(head)):
            depth += 1
        elif text in "])" or text == "}" and depth:
            depth -= 1
        if text == "{" and not depth:
            body, rest, at = statements(toks, at)
            blocks.append(Block(comments, head, (body, rest), blank))
            comments, head, blank = [], [], False
            continue
        if text == ";" and not depth:
            blocks.append(Block(comments, head, None, blank))
            comments, head, blank = [], [], False
            continue
        head.append(text)
    return blocks, comments, at


def is_value(head):
    """Whether a brace here opens a value, `option (x) = {…}`, and not a body."""
    return bool(head) and head[0] == "option"


class Plain:
    """Rewrites the statements of one file."""

    def __init__(self, name, package, used, form, dropped, enums):
        # `used`: names of the messages to keep, or nothing where all stay. `dropped`: imports that
        # go. `enums`: names of all enums.
        self.name, self.package, self.used = name, package, used
        self.form, self.dropped, self.enums = form, dropped, enums

    def file(self, blocks):
        kept = self.kept(blocks)
        if self.used is not None:
            kept[0].comments = [REST_COMMENT, ""]
        at = max(i for i, b in enumerate(kept) if b.word(0) in ("package", "import")) + 1
        options = [
            Block([], [f"option {k} = {v}"], None, i == 0)
            for i, (k, v) in enumerate(file_options(self.name, self.package))
        ]
        kept[at:at] = options
        return kept

    def kept(self, blocks):
        """What is left of statements. A blank line before one that goes stands before the next."""
        kept, blank = [], False
        for old in blocks:
            new = self.block(old)
            blank = blank or old.blank
            if new:
                new.blank, blank = blank, False
                kept.append(new)
        return kept

    def block(self, block):
        first = block.word(0)
        if first == "option" and block.word(1) == "(" or first == "extend":
            return None
        if first == "import" and block.word(1).strip('"') in self.dropped:
            return None
        if (
            self.used is not None
            and first in ("message", "enum")
            and block.word(1) not in self.used
        ):
            return None
        head, body = self.without_options(block.head), block.body
        if self.form != "plain" and first == "required":
            head[0] = "optional"
        if self.form == "proto3":
            head = as_proto3(head, self.enums)
        if body is not None:
            kept = self.kept(body[0])
            if self.form == "proto3" and first == "enum":
                kept = zero_first(block.word(1), kept)
            body = None if first == "rpc" and not kept else (kept, body[1])
        comments = list(block.comments)
        if "(Json.field).only" in "".join(block.head):
            comments += ["//", JSON_COMMENT]
        return Block(comments, head, body, block.blank)

    def without_options(self, head):
        """A field or value without options of our own."""
        if "[" not in head or head[0] in ("option", "reserved"):
            return list(head)
        start = head.index("[")
        items, item, depth = [], [], 0
        for text in head[start + 1 : len(head) - 1 - head[::-1].index("]")]:
            if text == "," and not depth:
                items.append(item)
                item = []
                continue
            depth += (text in "[({") - (text in "])}")
            item.append(text)
        items.append(item)
        texts = ["".join(i).strip() for i in items]
        left = [t for t in texts if t and not t.startswith("(")]
        if self.form == "proto3":
            left = [t for t in left if not re.match(r"default\b", t)]
        while start and head[start - 1] == " ":
            start -= 1
        return head[:start] + ([" [" + ", ".join(left) + "]"] if left else [])


def as_proto3(head, enums):
    """A statement in the syntax proto3: no packed lists, which the vendor does not write."""
    if head[:1] == ["syntax"]:
        return ['syntax = "proto3"']
    words = [t for t in head if t.strip()]
    if words[0] != "repeated" or words[1] not in NUMBERS and words[1].split(".")[-1] not in enums:
        return head
    return (
        head[:-1] + [head[-1][:-1] + ", packed = false]"]
        if "[" in head[-1]
        else head + [" [packed = false]"]
    )


def zero_first(enum, values):
    """The values of an enum, the one that is 0 before the others. It is added if there is none."""
    at = next((i for i, v in enumerate(values) if v.word(1) == "=" and v.word(2) == "0"), None)
    first = next(i for i, v in enumerate(values) if v.word(0) != "option")
    if at is None:
        zero = Block(
            ["// No value; proto3 asks for one that is 0."], [f"{enum}_NotSet = 0"], None, True
        )
    else:
        zero = values.pop(at)
    values.insert(first, zero)
    return values


def render(blocks, rest, depth=0):
    lines, pad = [], "  " * depth
    for i, block in enumerate(blocks):
        if lines and (block.blank or block.comments and i):
            lines.append("")
        lines += [(pad + c).rstrip() for c in block.comments]
        head = "".join(block.head).strip()
        if block.body is None:
            lines += field(pad, head)
        elif not block.body[0] and not block.body[1]:
            lines.append(f"{pad}{head} {{}}")
        else:
            lines.append(f"{pad}{head} {{")
            lines += render(*block.body, depth + 1)
            lines.append(pad + "}")
    lines += [(pad + c).rstrip() for c in rest]
    return lines


def field(pad, head):
    line = f"{pad}{head};"
    if len(line) <= WIDTH or "[" not in head:
        return [line]
    start, options = head.split("[", 1)
    items = options[:-1].split(", ")
    return (
        [f"{pad}{start}["]
        + [f"{pad}  {i}," for i in items[:-1]]
        + [f"{pad}  {items[-1]}", f"{pad}];"]
    )


def camel(name):
    return "".join(p[:1].upper() + p[1:] for p in re.split(r"[_-]", name))


def file_options(name, package):
    """File options of a file: name and value, in the order in which they are written."""
    parts = package.removeprefix("Diadoc.Api.").removeprefix("Diadoc.").split(".")
    java = ".".join([JAVA_PACKAGE, *map(str.lower, parts)])
    objc = "DDC" + "".join(parts).removeprefix("Proto")
    path = pathlib.PurePosixPath(name).with_suffix("")
    go = "/".join([GO_PACKAGE, *path.parts[1:]]) + f";{path.name.replace('_', '')}pb"
    return [
        ("csharp_namespace", quoted(package)),
        ("go_package", quoted(go)),
        ("java_multiple_files", "true"),
        ("java_outer_classname", quoted(camel(path.name) + "Proto")),
        ("java_package", quoted(java)),
        ("objc_class_prefix", quoted(objc)),
        ("php_namespace", quoted(package.replace(".", "\\\\"))),
        ("ruby_package", quoted(package.replace(".", "::"))),
    ]


def quoted(text):
    return f'"{text}"'


def package_of(text):
    return re.search(r"^package\s+([\w.]+)\s*;", text, re.MULTILINE)[1]


def used_names(texts, package):
    """Names of a package's types that other files write as `Last.Name`."""
    last = package.split(".")[-1]
    found = set()
    for text in texts.values():
        if package_of(text) != package:
            found |= set(re.findall(rf"\b{last}\.([A-Z]\w*)", without_comments(text)))
    return found


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def write(schema, target, form="plain"):
    """Writes the schema in a form: `plain`, `without-required` or `proto3`."""
    schema, target = pathlib.Path(schema), pathlib.Path(target)
    texts = {str(p.relative_to(schema)): p.read_text() for p in sorted(schema.rglob("*.proto"))}
    extending = {n for n, t in texts.items() if re.search(r"^extend\s", t, re.MULTILINE)}
    keep = {n: used_names(texts, package_of(texts[n])) for n in extending}
    dropped = {"google/protobuf/descriptor.proto"} | {n for n in extending if not keep[n]}
    enums = {e for t in texts.values() for e in re.findall(r"^\s*enum\s+(\w+)", t, re.MULTILINE)}
    enums -= {
        m for t in texts.values() for m in re.findall(r"^\s*message\s+(\w+)", t, re.MULTILINE)
    }
    for name, text in texts.items():
        if name in dropped:
            continue
        blocks, rest = parse(text)
        own = dropped | {i for i in extending if not used_names({name: text}, package_of(texts[i]))}
        plain = Plain(name, package_of(text), keep.get(name), form, own, enums)
        lines = render(plain.file(blocks), rest)
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("schema")
    parser.add_argument("target")
    parser.add_argument("--form", choices=FORMS, default="plain")
    args = parser.parse_args()
    write(args.schema, args.target, args.form)


if __name__ == "__main__":
    main()
