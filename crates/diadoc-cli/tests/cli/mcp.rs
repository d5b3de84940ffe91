//! `diadoc mcp`, as clients of the Model Context Protocol speak to it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::login::VARIABLES;
use crate::serve::Served;
use crate::{BOX, CANARY, diadoc, folder, shows_no_secret};

/// The version in which calls are answered with questions.
const CURRENT: &str = "2026-07-28";
/// One in which the server asks for itself.
const OLDER: &str = "2025-06-18";

/// A client, and the server that it started.
struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    /// What each request says of the client, in the current version.
    meta: Option<Value>,
    id: u64,
    /// What a person says where the server asks.
    person: Option<Value>,
    /// What the server asked.
    asked: Vec<Value>,
}

impl Client {
    /// One that speaks a version, and can ask a person or not.
    fn start(version: &str, can_ask: bool, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut command = diadoc();
        command.arg("mcp").args(arguments);
        for name in VARIABLES {
            command.env_remove(name);
        }
        command.envs([("XDG_CONFIG_HOME", "/nowhere"), ("HOME", "/nowhere")]);
        command.envs(settings.iter().copied());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let mut client = Self {
            to: child.stdin.take(),
            from: BufReader::new(child.stdout.take().expect("a pipe")),
            child,
            meta: None,
            id: 0,
            person: None,
            asked: Vec::new(),
        };
        let capabilities = match can_ask {
            true => json!({"elicitation": {"form": {}}}),
            false => json!({}),
        };
        let who = json!({"name": "test", "version": "1"});
        if version == CURRENT {
            client.meta = Some(json!({
                "io.modelcontextprotocol/protocolVersion": version,
                "io.modelcontextprotocol/clientInfo": who,
                "io.modelcontextprotocol/clientCapabilities": capabilities,
            }));
        } else {
            let hello = json!({"protocolVersion": version, "capabilities": capabilities, "clientInfo": who});
            let said = client.request("initialize", hello);
            assert_eq!(said["result"]["serverInfo"]["name"], "diadoc", "{said}");
            client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        }
        client
    }

    fn send(&mut self, message: &Value) {
        let to = self.to.as_mut().expect("it is open");
        writeln!(to, "{message}").expect("it reads");
        to.flush().expect("it reads");
    }

    /// Sends a request and gives its answer; what the server asks meanwhile, the person answers.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let mut params = params;
        if let Some(meta) = &self.meta {
            params["_meta"] = meta.clone();
        }
        let id = self.id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("a line");
            shows_no_secret(&line);
            let message: Value = serde_json::from_str(&line).expect("JSON");
            if message["method"] == "elicitation/create" {
                let answer = self.person.clone().expect("a person");
                self.asked.push(message["params"].clone());
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": answer}));
            } else if message["id"] == json!(id) {
                return message;
            }
        }
    }

    fn tool(&mut self, name: &str, arguments: Value) -> Value {
        let answer = self.request("tools/call", json!({"name": name, "arguments": arguments}));
        answer["result"].clone()
    }

    /// The text that a tool gives.
    fn text(&mut self, name: &str, arguments: Value) -> String {
        let result = self.tool(name, arguments);
        assert_ne!(result["isError"], json!(true), "{result}");
        text_of(&result)
    }

    /// Why a tool could not do its work.
    fn failure(&mut self, name: &str, arguments: Value) -> String {
        let result = self.tool(name, arguments);
        assert_eq!(result["isError"], json!(true), "{result}");
        text_of(&result)
    }

    /// Goes away; the server ends.
    fn end(mut self) {
        drop(self.to.take());
        assert!(self.child.wait().expect("it ends").success());
    }
}

fn text_of(result: &Value) -> String {
    result["content"][0]["text"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn tools_that_work_in_memory() {
    for version in [CURRENT, OLDER] {
        let mut client = Client::start(version, false, &[], &[]);
        let listed = client.request("tools/list", json!({}));
        let tools = listed["result"]["tools"].as_array().expect("tools").clone();
        let names: Vec<_> = tools
            .iter()
            .map(|tool| tool["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(
            names,
            [
                "describe", "search", "list", "example", "check", "detect", "convert"
            ]
        );
        for tool in &tools {
            assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
            assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
            let arguments = tool["inputSchema"]["properties"]
                .as_object()
                .expect("arguments");
            assert!(
                arguments.values().all(|one| one["description"].is_string()),
                "{tool}"
            );
        }

        let page = client.text(
            "describe",
            json!({"name": "POST /V3/PostMessage", "lang": "ru"}),
        );
        assert!(
            page.contains("PostMessageV3") && page.contains("Отправить"),
            "{page}"
        );
        let page = client.text(
            "describe",
            json!({"name": "Document.IndexKey", "json": true}),
        );
        assert!(serde_json::from_str::<Value>(&page).is_ok(), "{page}");
        let found = client.text("search", json!({"words": "полка", "most": 1}));
        let found: Value = serde_json::from_str(&found).expect("JSON");
        assert_eq!(found["found"].as_array().map(Vec::len), Some(1), "{found}");
        assert!(found["left_out"].as_u64() > Some(0), "{found}");
        let listed = client.text("list", json!({"kind": "methods", "pattern": "shelf"}));
        assert!(listed.contains("/V2/ShelfDownload"), "{listed}");
        let example = client.text("example", json!({"message": "PostMessage", "full": true}));
        let report = client.text("check", json!({"body": example, "message": "PostMessage"}));
        let report: Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["bodies"][0]["verdict"], "passes", "{report}");
        let wrong =
            json!({"body": r#"{"FromBoxId": 1}"#, "message": "MessageToPost", "lang": "ru"});
        let report = client.text("check", wrong);
        assert!(
            report.contains("\"refused\"") && report.contains("line"),
            "{report}"
        );
        let detected = client.text(
            "detect",
            json!({"body": r#"{"TotalCount": 1, "Documents": []}"#}),
        );
        assert!(
            detected.contains("Diadoc.Api.Proto.Documents.DocumentList"),
            "{detected}"
        );
        let list = r#"{"TotalCount": 150}"#;
        let bytes = client.text(
            "convert",
            json!({"body": list, "message": "DocumentList", "to": "protobuf"}),
        );
        assert_eq!(bytes, "CJYB");
        let back = client.text(
            "convert",
            json!({"body_base64": bytes, "message": "DocumentList", "form": "protobuf"}),
        );
        assert!(back.contains("150"), "{back}");

        for (tool, arguments, said) in [
            ("describe", json!({"name": "Documnt"}), "Did you mean"),
            (
                "describe",
                json!({"nam": "Document"}),
                "the tool has no argument `nam`; it has ",
            ),
            ("describe", json!({}), "missing field `name`"),
            (
                "list",
                json!({"kind": "things"}),
                "none of messages, enums and methods",
            ),
            ("check", json!({}), "give the body as `body`"),
            ("check", json!({"body": "", "body_base64": ""}), "not both"),
            (
                "convert",
                json!({"body_base64": "?", "message": "DocumentList"}),
                "no base64",
            ),
            (
                "convert",
                json!({"body": "{", "message": "DocumentList"}),
                "line 1",
            ),
        ] {
            let why = client.failure(tool, arguments);
            assert!(why.contains(said), "{said} is not in {why}");
        }
        // What there is not: another tool, and calls that nobody allowed.
        for name in ["post", "call"] {
            let answer = client.request("tools/call", json!({"name": name, "arguments": {}}));
            let why = answer["error"]["message"].as_str().unwrap_or_default();
            assert!(why.contains("there is no tool"), "{answer}");
        }
        client.end();
    }
}

fn settings(served: &Served) -> [(&str, &str); 2] {
    [
        ("DIADOC_URL", &served.url),
        ("DIADOC_TOKEN", "c4n4ry-token"),
    ]
}

fn message() -> Value {
    let other = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";
    let body = format!(
        r#"{{"FromBoxId": "{BOX}", "ToBoxId": "{other}", "DocumentAttachments": [{{
            "TypeNamedId": "Nonformalized", "Metadata": [{{"Key": "FileName", "Value": "a.txt"}}],
            "SignedContent": {{"Content": "0YI=", "SignWithTestSignature": true}}}}]}}"#
    );
    json!({"method": "POST /V3/PostMessage", "body": body})
}

fn documents() -> Value {
    let parameters = json!({"boxId": BOX, "filterCategory": "Any.Outbound", "count": 5});
    json!({"method": "GetDocumentsV3", "parameters": parameters})
}

/// What changes nothing is called at once; of anything else a person is asked, with the request itself.
#[test]
fn calls_that_a_person_confirms() {
    let yes = json!({"action": "accept", "content": {"send": true}});
    let refusals = [
        json!({"action": "decline"}),
        json!({"action": "cancel"}),
        json!({"action": "accept", "content": {"send": false}}),
        json!({"action": "accept"}),
    ];
    let served = Served::start(&[]);
    let mut client = Client::start(OLDER, true, &["--allow-calls"], &settings(&served));
    let list = client.text("call", documents());
    assert!(list.contains("\"TotalCount\": 0"), "{list}");
    assert!(client.asked.is_empty());
    for no in &refusals {
        client.person = Some(no.clone());
        let why = client.failure("call", message());
        assert!(why.contains("PostMessageV3 was not sent"), "{why}");
    }
    client.person = Some(yes.clone());
    let posted = client.text("call", message());
    assert!(posted.contains("\"MessageId\""), "{posted}");
    let asked = client.asked.last().expect("a question")["message"]
        .as_str()
        .unwrap_or_default();
    for part in [
        "PostMessageV3 changes something",
        "POST /V3/PostMessage",
        "authorization: Bearer ***",
        "a.txt",
    ] {
        assert!(asked.contains(part), "{part} is not in {asked}");
    }
    assert_eq!(client.asked.len(), refusals.len() + 1);
    let list = client.text("call", documents());
    assert!(list.contains("\"TotalCount\": 1"), "{list}");
    client.end();
}

/// What a person is shown steers no terminal and hides nothing; and what cannot be a value is named.
#[test]
fn what_an_agent_gives() {
    let served = Served::start(&[]);
    let mut client = Client::start(OLDER, true, &["--allow-calls"], &settings(&served));
    client.person = Some(json!({"action": "decline"}));
    let mut odd = message();
    let body = odd["body"]
        .as_str()
        .expect("a text")
        .replace("a.txt", "a\u{202e}txt\u{9b}31m");
    odd["body"] = json!(body + &"\n".repeat(3000));
    client.failure("call", odd);
    let asked = client.asked.last().expect("a question")["message"]
        .as_str()
        .unwrap_or_default();
    assert!(
        !asked.contains(['\u{202e}', '\u{9b}']) && asked.lines().count() < 100,
        "{asked}"
    );
    for value in [json!([]), json!(null), json!({}), json!([[]])] {
        let mut wrong = documents();
        wrong["parameters"]["afterIndexKey"] = value;
        let why = client.failure("call", wrong);
        assert!(
            why.contains("parameter `afterIndexKey`: expected a text"),
            "{why}"
        );
    }
    client.end();
}

/// In the current version the question is an answer, and its state is good for that call alone, once.
#[test]
fn calls_that_a_person_confirms_by_an_answer() {
    let served = Served::start(&[]);
    let mut client = Client::start(CURRENT, true, &["--allow-calls"], &settings(&served));
    let ask = |client: &mut Client, arguments: Value| {
        let asked = client.tool("call", arguments);
        assert_eq!(asked["resultType"], "input_required", "{asked}");
        let question = &asked["inputRequests"]["confirmation"]["params"];
        assert_eq!(
            question["requestedSchema"]["required"],
            json!(["send"]),
            "{asked}"
        );
        asked["requestState"].clone()
    };
    let answered = |client: &mut Client, arguments: Value, state: &Value, send: bool| {
        let answer = json!({"confirmation": {"action": "accept", "content": {"send": send}}});
        let again = json!({"name": "call", "arguments": arguments, "inputResponses": answer, "requestState": state});
        client.request("tools/call", again)["result"].clone()
    };
    let state = ask(&mut client, message());
    let refused = answered(&mut client, message(), &state, false);
    assert!(text_of(&refused).contains("was not sent"), "{refused}");
    // Of another call, twice, and made up.
    let state = ask(&mut client, message());
    let mut other = message();
    other["parameters"] = json!({"operationId": "another"});
    for (arguments, state) in [
        (other, state.clone()),
        (message(), state),
        (message(), json!("made-up")),
    ] {
        let refused = answered(&mut client, arguments, &state, true);
        assert!(text_of(&refused).contains("nothing was sent"), "{refused}");
    }
    let list = client.text("call", documents());
    assert!(list.contains("\"TotalCount\": 0"), "{list}");
    let state = ask(&mut client, message());
    let posted = answered(&mut client, message(), &state, true);
    assert!(text_of(&posted).contains("\"MessageId\""), "{posted}");
    client.end();
}

#[test]
fn calls_that_cannot_be_sent() {
    let served = Served::start(&[]);
    for version in [CURRENT, OLDER] {
        let mut client = Client::start(version, false, &["--allow-calls"], &settings(&served));
        // Who cannot ask gets the command.
        let why = client.failure("call", message());
        assert!(
            why.contains("\ndiadoc call PostMessageV3 --body FILE"),
            "{why}"
        );
        let wrong = json!({"method": "PostMessage", "body": r#"{"FromBoxId": 1}"#});
        let why = client.failure("call", wrong);
        assert!(
            why.contains("PostMessageV3 was not sent") && why.contains("FromBoxId"),
            "{why}"
        );
        let why = client.failure("call", json!({"method": "GetDocumnts"}));
        assert!(why.contains("GetDocuments"), "{why}");
        let gone = json!({"method": "GetEntityContentV4", "parameters": {"boxId": BOX, "messageId": BOX, "entityId": BOX}});
        let why = client.failure("call", gone);
        assert!(why.contains("not found"), "{why}");
        client.end();
    }
    let mut client = Client::start(
        OLDER,
        true,
        &["--allow-calls"],
        &[("DIADOC_URL", &served.url)],
    );
    let why = client.failure("call", documents());
    assert!(why.contains("there is no token"), "{why}");
    client.end();
    let folder = folder(&[(
        "config.toml",
        &format!("url = \"{}\"\ntoken = \"{CANARY}\"\n", served.url),
    )]);
    let config = folder.path().join("config.toml");
    let arguments = [
        "--allow-calls",
        "--config",
        config.to_str().expect("a text"),
    ];
    let mut client = Client::start(OLDER, true, &arguments, &[]);
    assert!(client.text("call", documents()).contains("TotalCount"));
    client.end();
}

/// A person who starts it by hand learns what it is for.
#[test]
fn nobody_speaks() {
    let ran = crate::run_with_input(&["mcp"], b"");
    ran.failed(
        2,
        &[
            "no client of the Model Context Protocol spoke",
            "`diadoc mcp --help`",
        ],
    );
}
