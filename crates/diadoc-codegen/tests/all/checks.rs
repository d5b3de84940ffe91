//! What the generator refuses, each with its place.

use crate::{RULES, generate_from, generate_with};

// Titles behind `#`; schemas that begin on the second line of their file; what is wrong with them.

const MESSAGES: &str = r#"
# kinds
message A {
 optional double Sum = 1;
 oneof X { int32 Y = 2; }
}
=>
3: Diadoc.Api.Proto.A.Sum: no JSON rule for Double
4: Diadoc.Api.Proto.A.Y: no JSON rule for oneof
# options
option java_package = "a";
message A {
  option no_standard_descriptor_accessor = true;
  repeated int32 B = 1 [packed = true];
  map<string, string> C = 2;
  oneof D { string E = 3 [lazy = true]; }
}
enum F { option (Json.names).no_unknown = true; option allow_alias = true; G = 0 [debug_redact = true]; }
extend google.protobuf.FieldOptions { optional bool own = 51000; }
message H { optional string I = 1 [(own) = true]; }
service S { option deprecated = true; }
=>
2: Diadoc.Api.Proto: nothing reads the option `java_package`
4: Diadoc.Api.Proto.A: nothing reads the option `no_standard_descriptor_accessor`
5: Diadoc.Api.Proto.A.B: nothing reads the option `packed`
6: Diadoc.Api.Proto.A.C: no JSON rule for map
7: Diadoc.Api.Proto.A.E: no JSON rule for oneof
7: Diadoc.Api.Proto.A.E: nothing reads the option `lazy`
9: Diadoc.Api.Proto.F.G: nothing reads the option `debug_redact`
10: Diadoc.Api.Proto.own: nothing reads it
11: Diadoc.Api.Proto.H.I: nothing reads the option `Diadoc.Api.Proto.own`
12: Diadoc.Api.Proto.S: nothing reads the option `deprecated`
# unknown names
enum A { Unknown = 0; }
enum B { option (Json.names).unknown = "Unknown"; UnknownB = 0; }
enum C { option (Json.names) = {unknown: "UnknownC" no_unknown: true}; UnknownC = 0; }
enum D { option (Json.names).no_unknown = false; UnknownD = 0; }
enum E { option (Json.names).unknown = "Other"; Unused = 0; Other = 1; }
=>
2: Diadoc.Api.Proto.A: neither `unknown` nor `no_unknown` in the option `Json.names`
3: Diadoc.Api.Proto.B: `unknown` names no member
4: Diadoc.Api.Proto.C: `unknown` and `no_unknown`, of which one excludes the other
5: Diadoc.Api.Proto.D: `no_unknown` is true or absent
# fields that only JSON has
message A {
  optional string B = 1 [(Json.field).only = true];
  optional string C = 536870000;
  required string D = 536870001 [(Json.field).only = true];
  repeated string E = 536870002 [(Json.field).only = false];
  repeated string F = 536870003 [(Json.field).only = true];
}
=>
3: Diadoc.Api.Proto.A.B: a field that only JSON has takes a number from 536870000
4: Diadoc.Api.Proto.A.C: numbers from 536870000 are those of fields that only JSON has
5: Diadoc.Api.Proto.A.D: a field that only JSON has is not required
6: Diadoc.Api.Proto.A.E: `only` is true or absent
# rules of fields
message A {
  optional bool B = 1 [(Rules.field).max_len = 5];
  optional string C = 2 [
    (Rules.field).gte = 1,
    (Rules.field).pattern = "(a",
    (Rules.field).max_items = 1
  ];
  optional int32 D = 3 [(Rules.field).format = TICKS, (Rules.field).pattern = "a"];
  optional sfixed64 E = 4 [(Rules.field).format = TICKS, (Rules.field).flags = "No"];
  repeated string F = 5 [(Rules.field) = {min_items: 1, min_len: 1, format: GUID}];
  optional sfixed64 G = 6 [(Rules.field).format = INN];
  optional A H = 7 [(Rules.field).lte = 1];
  optional bytes I = 8 [(Rules.field).max_bytes = 1, (Rules.field).max_len = 1];
  optional int32 J = 9 [(Rules.field).max_bytes = 1, (Rules.field).values = "NoValues"];
  optional int32 K = 10 [(Rules.field).values = "Diadoc.Api.Proto.L", (Rules.field).flags = "SignerTypeValues"];
  optional string M = 11 [(Rules.field).max_bytes = 1, (Rules.field).values = "SignerTypeValues"];
}
enum L { option (Json.names).no_unknown = true; N = -1; }
=>
3: Diadoc.Api.Proto.A.B: `max_len` is a rule of strings
5: Diadoc.Api.Proto.A.C: `gte` is a rule of integers
6: Diadoc.Api.Proto.A.C: the pattern does not compile: found open group without closing ')'
7: Diadoc.Api.Proto.A.C: `max_items` is a rule of lists
9: Diadoc.Api.Proto.A.D: `format` is a rule of 64-bit integers
9: Diadoc.Api.Proto.A.D: `pattern` is a rule of strings
10: Diadoc.Api.Proto.A.E: there is no enum `No`
12: Diadoc.Api.Proto.A.G: `format` is a rule of strings
13: Diadoc.Api.Proto.A.H: `lte` is a rule of integers
14: Diadoc.Api.Proto.A.I: `max_len` is a rule of strings
15: Diadoc.Api.Proto.A.J: `max_bytes` is a rule of bytes and strings
15: Diadoc.Api.Proto.A.J: there is no enum `NoValues`
16: Diadoc.Api.Proto.A.K: `Diadoc.Rules.NoSigner` is not one bit
17: Diadoc.Api.Proto.A.M: `values` is a rule of integers
# contents
message A {
  optional string I = 8 [(Rules.field).content = TEXT];
  optional A J = 9 [(Rules.field).content = TEXT];
  optional bytes K = 10 [(Rules.field).content = TEXT];
}
message L {
  optional bytes M = 1 [(Rules.field).content = DOCUMENT];
  optional L N = 2 [(Rules.field).content = TEXT];
}
=>
3: Diadoc.Api.Proto.A.I: `content` is of bytes, or of a message with a `DOCUMENT`
4: Diadoc.Api.Proto.A.J: `content` is of bytes, or of a message with a `DOCUMENT`
# secrets
message A {
  optional string Pin = 1;
  repeated string AccessTokens = 2;
  optional string UnitCode = 3;
  optional A Key = 4;
  optional int64 Code = 5 [(Rules.field).secret = true];
  optional string Password = 6 [(Rules.field) = {secret: true max_len: 3}];
  optional string Login = 7 [(Rules.field).secret = true];
}
=>
3: Diadoc.Api.Proto.A.Pin: the name says that it is a secret: mark it with `(Rules.field).secret`, or say in `NOT_SECRET` what it is
4: Diadoc.Api.Proto.A.AccessTokens: the name says that it is a secret: mark it with `(Rules.field).secret`, or say in `NOT_SECRET` what it is
7: Diadoc.Api.Proto.A.Code: `secret` is of strings and bytes without another rule
8: Diadoc.Api.Proto.A.Password: `secret` is of strings and bytes without another rule
# ranges
message A {
  optional string B = 1 [(Rules.field) = {min_len: 2, max_len: 1}];
  repeated string C = 2 [(Rules.field) = {min_items: 3, max_items: 2}];
  optional int32 D = 3 [(Rules.field) = {gte: 0, lte: -1}];
  optional int32 E = 4 [(Rules.field) = {gte: 1, lte: 1}];
}
=>
3: Diadoc.Api.Proto.A.B: nothing is from 2 to 1
4: Diadoc.Api.Proto.A.C: nothing is from 3 to 2
5: Diadoc.Api.Proto.A.D: nothing is from 0 to -1
# rules of messages
message A {
  option (Rules.message).any_of = {fields: ["B", "b"]};
  option (Rules.message).excludes = {fields: ["B", "C"]};
  option (Rules.message).one_of = {fields: ["B", "B"]};
  optional string B = 1;
}
=>
3: Diadoc.Api.Proto.A: `at least one of `B` and `b``: names `b` twice
3: Diadoc.Api.Proto.A: `exactly one of `B` and `B``: names `B` twice
3: Diadoc.Api.Proto.A: a rule names `C`, which is no field
3: Diadoc.Api.Proto.A: a rule names `b`, which is no field
# keys
message A {
  optional string Title = 1 [json_name = "title"];
  optional string User = 2 [json_name = "TITLE"];
  optional string user = 3;
}
=>
4: Diadoc.Api.Proto.A.User: `TITLE` differs from a key of `Title` in case at most
5: Diadoc.Api.Proto.A.user: `user` differs from a key of `User` in case at most
# keys that the compiler makes up
message A {
  optional string Foo_Bar = 1;
  optional string Foo_Baz = 2 [json_name = "Foo_Baz"];
}
=>
3: Diadoc.Api.Proto.A.Foo_Bar: the key of a name with `_` has to be given as `json_name`, the name itself
# parameters of no method
message A { optional string B = 1 [(Http.parameter).header = "X-B"]; }
=>
2: Diadoc.Api.Proto.A.B: the field is no parameter of a method
"#;

const METHODS: &str = r#"
# rpcs
message R {}
service S {
  rpc A(R) returns (Http.Nothing);
  rpc B(R) returns (Http.Nothing) { option (Http.method) = {anonymous: true}; }
  rpc C(stream R) returns (Http.Nothing) { option (Http.method) = {get: "/C"}; }
  rpc D(R) returns (stream Http.Text) { option (Http.method).get = "/D"; }
}
=>
4: Diadoc.Api.Methods.S.A: no verb and path in the option `Diadoc.Http.method`
5: Diadoc.Api.Methods.S.B: no verb and path in the option `Diadoc.Http.method`
6: Diadoc.Api.Methods.S.C: a stream
7: Diadoc.Api.Methods.S.D: a stream
# bodies and parameters
message R {
  optional bytes body = 1 [(Http.parameter).header = "X-Body"];
  optional R inner = 2;
  optional string one = 3 [(Http.parameter).comma = true];
  repeated int32 many = 4 [(Http.parameter).comma = true];
}
service S {
  rpc A(R) returns (Http.Nothing) {
    option (Http.method) = {get: "/A", body: "body"};
  }
  rpc B(R) returns (Http.Nothing) {
    option (Http.method) = {post: "/B", body: ["many", "other"]};
  }
}
=>
3: Diadoc.Api.Methods.R.body: messages and bytes travel as bodies alone
4: Diadoc.Api.Methods.R.inner: messages and bytes travel as bodies alone
5: Diadoc.Api.Methods.R.one: `comma` is for lists
6: Diadoc.Api.Methods.R.many: a body is a message, bytes or a string
10: Diadoc.Api.Methods.S.A: a GET with a body
13: Diadoc.Api.Methods.S.B: `body` names `other`, which is no field of Diadoc.Api.Methods.R
# a header for a body
message R { optional bytes body = 1 [(Http.parameter).header = "X-Body"]; }
service S {
  rpc A(R) returns (Http.Text) { option (Http.method) = {post: "/A", body: "body"}; }
}
=>
2: Diadoc.Api.Methods.R.body: the field is no parameter of a method
# names of methods
message R {}
service S {
  rpc GetA(R) returns (Http.Nothing) { option (Http.method) = {get: "/A"}; }
  rpc PostA(R) returns (Http.Nothing) { option (Http.method) = {post: "/A"}; }
}
service T {
  rpc getA(R) returns (Http.Nothing) { option (Http.method) = {get: "/B"}; }
  rpc Other(R) returns (Http.Nothing) { option (Http.method) = {get: "/A"}; }
}
=>
8: Diadoc.Api.Methods.T.getA: `GET_A` is Diadoc.Api.Methods.S.GetA already
9: Diadoc.Api.Methods.T.Other: `GET /A` is Diadoc.Api.Methods.S.GetA already
# fields of requests
message R {
  optional string name = 1;
  optional string Name = 2;
  oneof X { int32 one = 3; }
}
service S {
  rpc A(R) returns (Http.Nothing) { option (Http.method).get = "/A"; }
}
=>
4: Diadoc.Api.Methods.R.Name: the name differs from `name` in case alone
5: Diadoc.Api.Methods.R.one: no request has a oneof
# what HTTP does not take
message R {
  optional string one = 1 [(Http.parameter).header = "X One"];
  optional string two = 2 [(Http.parameter).header = ""];
  optional string three = 3 [(Http.parameter).header = "X-Three_3"];
}
service S {
  rpc A(R) returns (Http.Nothing) { option (Http.method).get = "A"; }
  rpc B(R) returns (Http.Nothing) { option (Http.method).get = "/B?c"; }
  rpc C(R) returns (Http.Nothing) {
    option (Http.method) = {
      get: "/V3/C-_.d"
      absent: 70000
      pending: [{status: 99}, {status: 600}, {status: 599, delay_header: "In:"}]
    };
  }
  rpc D(R) returns (Http.Nothing) {
    option (Http.method) = {get: "/D", absent: 100, pending: {status: 100}};
  }
}
=>
3: Diadoc.Api.Methods.R.one: `X One` is no name of a header
4: Diadoc.Api.Methods.R.two: `` is no name of a header
8: Diadoc.Api.Methods.S.A: `A` is no path
9: Diadoc.Api.Methods.S.B: `/B?c` is no path
11: Diadoc.Api.Methods.S.C: 600 is no status
11: Diadoc.Api.Methods.S.C: 70000 is no status
11: Diadoc.Api.Methods.S.C: 99 is no status
11: Diadoc.Api.Methods.S.C: `In:` is no name of a header
# values that mean pending
message R {}
enum State { option (Json.names).no_unknown = true; Known = 0; }
message Answer { optional State state = 1; optional string text = 2; }
service S {
  rpc A(R) returns (Answer) {
    option (Http.method) = {
      get: "/A"
      pending: {status: 200, field: "state", values: ["Known", "known"]}
      pending: {status: 200, field: "text", values: "any"}
    };
  }
}
=>
7: Diadoc.Api.Methods.S.A: `pending` names `known`, which is no value of Diadoc.Api.Methods.State
# what becomes of methods
message R {}
service S {
  rpc A(R) returns (R) { option (Http.method) = {get: "/A", stage: GONE}; }
  rpc B(R) returns (R) { option (Http.method) = {get: "/B", successor: "A", removal_after: "2027-04-03"}; }
  rpc C(R) returns (R) { option deprecated = true;
    option (Http.method) = {get: "/C", stage: TO_BE_REMOVED, removal_after: "2027-04-03"};
  }
  rpc D(R) returns (R) { option deprecated = true;
    option (Http.method) = {get: "/D", stage: GONE, removal_after: "2027-04-03"};
  }
}
=>
4: Diadoc.Api.Methods.S.A: `stage` is of methods that are `deprecated`
5: Diadoc.Api.Methods.S.B: `removal_after` is of methods that are `deprecated`
5: Diadoc.Api.Methods.S.B: `successor` is of methods that are `deprecated`
7: Diadoc.Api.Methods.S.C: `removal_after` says already that it is to be removed
# references
message R { optional string name = 1; optional R body = 2; }
message List { repeated R items = 1; }
service S {
  rpc A(R) returns (List) { option deprecated = true;
    option (Http.method) = {
      post: "/A"
      body: "body"
      pending: {status: 204, field: "state", values: "No"}
      poll_with: "Poll"
      successor: "Next"
      paging: {cursor: "body.kay", page: "p", size: "name", offset: "no.name",
        items: "items", item_cursor: "id", next_cursor: "next", more: "m",
        total: "t", replaces: ["name", "r"]}
    };
  }
}
=>
6: Diadoc.Api.Methods.S.A: `cursor` names `kay`, which is no field of Diadoc.Api.Methods.R
6: Diadoc.Api.Methods.S.A: `item_cursor` names `id`, which is no field of Diadoc.Api.Methods.R
6: Diadoc.Api.Methods.S.A: `more` names `m`, which is no field of Diadoc.Api.Methods.List
6: Diadoc.Api.Methods.S.A: `next_cursor` names `next`, which is no field of Diadoc.Api.Methods.List
6: Diadoc.Api.Methods.S.A: `offset` names `no.name`, which is no field of Diadoc.Api.Methods.R
6: Diadoc.Api.Methods.S.A: `page` names `p`, which is no field of Diadoc.Api.Methods.R
6: Diadoc.Api.Methods.S.A: `pending` names `state`, which is no field of Diadoc.Api.Methods.List
6: Diadoc.Api.Methods.S.A: `poll_with` names `Poll`, which is no method
6: Diadoc.Api.Methods.S.A: `replaces` names `r`, which is no field of Diadoc.Api.Methods.R
6: Diadoc.Api.Methods.S.A: `successor` names `Next`, which is no method
6: Diadoc.Api.Methods.S.A: `total` names `t`, which is no field of Diadoc.Api.Methods.List
"#;

/// The faults of a file with that text, without their header and the name of the file.
fn faults(test: &str, package: &str, text: &str) -> Vec<String> {
    let imports = [
        "diadoc/rules",
        "diadoc/http",
        "diadoc/json",
        "google/protobuf/descriptor",
    ];
    let imports = imports.map(|name| format!("import \"{name}.proto\";"));
    let head = format!("syntax = \"proto2\"; package {package}; ") + &imports.concat();
    let error = generate_from(&format!("checks/{test}"), &format!("{head}\n{text}"));
    let error = error.expect_err(test);
    let (header, faults) = error.split_once('\n').expect("several lines");
    assert_eq!(header, "the schema has faults:");
    let place = |fault: &str| fault.strip_prefix("diadoc/test.proto:").map(str::to_owned);
    let faults = faults.lines();
    faults.map(|fault| place(fault).expect(fault)).collect()
}

#[test]
fn each_fault_is_shown_with_its_line() {
    let packages = [
        ("Diadoc.Api.Proto", MESSAGES),
        ("Diadoc.Api.Methods", METHODS),
    ];
    for (package, cases) in packages {
        for case in cases.split("\n# ").skip(1) {
            let (test, case) = case.split_once('\n').unwrap();
            let (text, expected) = case.split_once("\n=>\n").unwrap();
            let found = faults(test, package, text);
            assert_eq!(found.join("\n"), expected.trim_end(), "{test}");
        }
    }
    let fault = "1: package `Other` is not below `Diadoc.Api.Proto`";
    assert_eq!(faults("package", "Other", ""), [fault]);
}

#[test]
fn what_stands_beside_the_options_is_read_or_refused() {
    let mut rules = RULES.to_owned();
    for (after, line) in [
        ("message FieldRules {\n", "optional bool uri = 99;\n"),
        (
            "message MessageRules {\n",
            "repeated FieldSet all_of = 99;\n",
        ),
        ("FORMAT_UNSPECIFIED = 0;\n", "UUID = 99;\n"),
        ("CONTENT_UNSPECIFIED = 0;\n", "ZIP = 99;\n"),
        ("FieldOptions {\n", "optional FieldRules key = 51899;\n"),
    ] {
        let place = rules.find(after).expect(after) + after.len();
        rules.insert_str(place, line);
    }
    rules += "enum Words { Word = 0; }\nmessage Range {}\n";
    let unread = [
        ("optional FieldRules key = 51899;", "key"),
        ("optional bool uri = 99;", "FieldRules.uri"),
        ("UUID = 99;", "UUID"),
        ("ZIP = 99;", "ZIP"),
        ("repeated FieldSet all_of = 99;", "MessageRules.all_of"),
        ("enum Words { Word = 0; }", "Words"),
        ("message Range {}", "Range"),
    ];
    let expected = unread.map(|(text, name)| {
        let line = rules.lines().position(|line| line == text).expect(text) + 1;
        format!("\ndiadoc/rules.proto:{line}: Diadoc.Rules.{name}: nothing reads it")
    });
    let expected = expected.concat();
    let empty = "syntax = \"proto2\"; package Diadoc.Api.Proto;";
    let error = generate_with("checks/rules", empty, &rules).unwrap_err();
    assert_eq!(error, format!("the schema has faults:{expected}"));
}
