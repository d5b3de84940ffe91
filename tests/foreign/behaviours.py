"""Cases that tell runtimes apart: a body each, and what it is to show."""

import base64
import json

PROTO = "Diadoc.Api.Proto"
TIMESTAMP = f"{PROTO}.Timestamp"
SEARCH = f"{PROTO}.Docflow.SearchDocflowsRequest"
LOGIN = f"{PROTO}.LoginPassword"
CONTENT = f"{PROTO}.Content_v2"
LIST = f"{PROTO}.CloudSignRequest"

TICKS = 638772135536156181
ZEROS = json.dumps(
    {
        "QueryString": "",
        "Count": 100,
        "FirstIndex": 0,
        "Scope": "SearchScopeAny",
        "InjectEntityContent": False,
    }
)

# Name, message, body as text of JSON or bytes of protobuf, whether unknown keys are to be let by.
CASES = [
    ("ticks as a number", TIMESTAMP, f'{{"Ticks":{TICKS}}}', False),
    ("ticks as a string", TIMESTAMP, f'{{"Ticks":"{TICKS}"}}', False),
    ("ticks on the wire", TIMESTAMP, b"\x09" + TICKS.to_bytes(8, "little"), False),
    ("required missing in JSON", TIMESTAMP, "{}", False),
    ("required missing on the wire", TIMESTAMP, b"", False),
    ("required null", TIMESTAMP, '{"Ticks":null}', False),
    ("defaults not set", SEARCH, '{"QueryString":"a"}', False),
    ("zeros and defaults set", SEARCH, ZEROS, False),
    ("zeros and defaults on the wire", SEARCH, b"\x0a\x00\x10\x64\x18\x00\x20\x00\x28\x00", False),
    ("enum by number", SEARCH, '{"QueryString":"a","Scope":1}', False),
    ("enum by its alias", SEARCH, '{"QueryString":"a","Scope":"SearchScopeIncoming"}', False),
    (
        "enum's name in another case",
        SEARCH,
        '{"QueryString":"a","Scope":"SEARCHSCOPEINBOUND"}',
        False,
    ),
    ("enum's name unknown, strict", SEARCH, '{"QueryString":"a","Scope":"SearchScopeNew"}', False),
    ("enum's name unknown, lenient", SEARCH, '{"QueryString":"a","Scope":"SearchScopeNew"}', True),
    ("enum's number unknown in JSON", SEARCH, '{"QueryString":"a","Scope":77}', False),
    ("enum's number unknown on the wire", SEARCH, b"\x0a\x01a\x20\x4d", False),
    ("key unknown, strict", SEARCH, '{"QueryString":"a","Nope":1}', False),
    ("key unknown, lenient", SEARCH, '{"QueryString":"a","Nope":1}', True),
    ("field unknown on the wire", SEARCH, b"\x0a\x01a\xa0\x06\x07", False),
    ("key with a small first letter", SEARCH, '{"queryString":"a"}', False),
    ("json_name", LOGIN, '{"login":"a","password":"b"}', False),
    ("field's name beside a json_name", LOGIN, '{"Login":"a","Password":"b"}', False),
    ("null", SEARCH, '{"QueryString":"a","Scope":null}', False),
    ("null as a list", LIST, '{"Files":null}', False),
    ("null in a list", LIST, '{"Files":[null]}', False),
    ("empty list", LIST, '{"Files":[]}', False),
    ("string for a message, lenient", CONTENT, '{"DocumentId":"lorem"}', True),
    ("empty list for a message", CONTENT, '{"DocumentId":[]}', False),
    ("key twice", SEARCH, '{"QueryString":"a","QueryString":"b"}', False),
    ("bytes, standard base64", CONTENT, '{"Content":"+/8="}', False),
    ("bytes, base64 of URLs", CONTENT, '{"Content":"-_8="}', False),
    ("bytes, without padding", CONTENT, '{"Content":"+/8"}', False),
    ("bytes that are no base64", CONTENT, '{"Content":"AQ...ID"}', False),
    ("empty bytes", CONTENT, '{"Content":""}', False),
    ("int32 as a string", SEARCH, '{"QueryString":"a","FirstIndex":"5"}', False),
    ("int32 as 5.0", SEARCH, '{"QueryString":"a","FirstIndex":5.0}', False),
    ("string as a number", SEARCH, '{"QueryString":5}', False),
    ("boolean as a string", SEARCH, '{"QueryString":"a","InjectEntityContent":"true"}', False),
    ("Russian and line separators", SEARCH, '{"QueryString":"Договор <№1> \u2028"}', False),
]


def case(message, body, lenient, files):
    """A case as the probes read it."""
    form = {"json": body} if isinstance(body, str) else {"wire": base64.b64encode(body).decode()}
    return {"message": message, "file": files[message], "lenient": lenient, **form}


def told(result):
    """What a runtime made of a case, in short."""
    if "error" in result:
        return "error: " + " ".join(result["error"].split())[:110]
    text = " ".join(result["json"].split())
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        pass
    return f"{text[:120]} | {base64.b64decode(result['wire']).hex()[:60]}"
