//! Organizations, employees, departments and counteragents of a world.

use diadoc_core::Form;
use diadoc_fake::world::World;
use diadoc_fake::{Fake, Oidc, Received};
use diadoc_schema::{Checks, Direction, Level, Response, Rule, Schema};
use serde_json::{Value, json};

use crate::http::{Call, JSON, PROTOBUF};

const FIRST: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
const SECOND: &str = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";
const HEAD: &str = "00000000-0000-0000-0000-000000000000";

async fn fake() -> Fake {
    Fake::builder()
        .world(World::without_letters())
        .start()
        .await
        .expect("a port")
}

/// Calls in both forms what only reads; the body in JSON.
async fn get(fake: &Fake, target: &str) -> Value {
    let call = Call::get(target).accept(PROTOBUF);
    let came = call.send(fake).await;
    assert_eq!(came.status, 200, "{target}: {}", came.text());
    check(fake, Form::Protobuf, &came.body);
    let came = Call::get(target).accept(JSON).send(fake).await;
    check(fake, Form::Json, &came.body);
    came.json()
}

async fn post(fake: &Fake, target: &str, body: Value) -> Value {
    let call = Call::post(target, JSON, body.to_string()).accept(JSON);
    let came = call.send(fake).await;
    assert_eq!(came.status, 200, "{target}: {}", came.text());
    if came.body.is_empty() {
        return Value::Null;
    }
    check(fake, Form::Json, &came.body);
    came.json()
}

/// Calls what is refused; the status and the sentence.
async fn refused(fake: &Fake, call: Call) -> (u16, String) {
    let came = call.accept(JSON).send(fake).await;
    assert!(came.status >= 400, "{}: {}", came.status, came.text());
    (came.status, came.text().trim_end().to_owned())
}

fn body(target: &str, body: Value) -> Call {
    Call::post(target, JSON, body.to_string())
}

/// The last answer is one that the server could have sent.
#[track_caller]
fn check(fake: &Fake, form: Form, body: &[u8]) {
    let received = fake.received();
    let method = received.last().and_then(|last: &Received| last.method);
    let method = Schema::diadoc().method(method.expect("a method"));
    let method = method.expect("a method of the schema");
    let Response::Message(message) = &method.response else {
        return;
    };
    // Keys that repeat others are no part of the schema, and the server writes them.
    let checks = Checks::new(Direction::Response).level(Rule::JsonComputedKey, Level::Allow);
    let report = checks.check(message, form, body);
    let text = String::from_utf8_lossy(body);
    let (name, shown) = (method.name(), report.render(&text, false));
    assert_eq!(report.total(), 0, "{name}: {shown}");
}

#[tokio::test]
async fn organizations_are_found_by_each_of_their_ids() {
    let fake = fake().await;
    let mine = get(&fake, "/GetMyOrganizations").await;
    assert_eq!(mine["Organizations"].as_array().unwrap().len(), 2);
    let one = get(&fake, &format!("/GetOrganization?boxId={FIRST}")).await;
    let (org, inn) = (one["OrgId"].as_str().unwrap(), one["Inn"].as_str().unwrap());
    for by in [format!("orgId={org}"), format!("inn={inn}")] {
        let found = get(&fake, &format!("/GetOrganization?{by}")).await;
        assert_eq!(found["OrgId"], one["OrgId"], "{by}");
    }
    let whole = get(&fake, &format!("/GetBox?boxId={SECOND}")).await;
    assert_eq!(whole["Organization"]["Boxes"][0]["BoxIdGuid"], SECOND);
    let target = format!("/GetOrganizationsByInnKpp?inn={inn}&includeRelations=true");
    let found = get(&fake, &target).await;
    assert_eq!(found["Organizations"][0]["InvitationCount"], 0);
    let target = format!("/V2/GetOrganizationsByInnList?myBoxId={SECOND}");
    let listed = post(&fake, &target, json!({ "InnList": [inn] })).await;
    assert_eq!(
        listed["Organizations"][0]["CounteragentStatus"],
        "IsMyCounteragent"
    );
    get(&fake, &format!("/GetOrganizationFeatures?boxId={FIRST}")).await;
    let unknown = refused(&fake, Call::get("/GetOrganization?inn=7736050003")).await;
    assert_eq!(unknown.0, 404);
    let stranger = format!("/GetOrganizationFeatures?boxId={HEAD}");
    let text = format!("Access to Box [{HEAD}] is denied");
    assert_eq!(refused(&fake, Call::get(stranger)).await, (403, text));
}

#[tokio::test]
async fn a_department_lives_as_long_as_nothing_is_in_it() {
    let fake = fake().await;
    let target = format!("/admin/CreateDepartment?boxId={FIRST}");
    let wanted = json!({
        "Name": "Склад", "Abbreviation": "СКЛ", "Kpp": "770502001",
        "Routing": { "Kpp": true, "Address": false },
    });
    let made = post(&fake, &target, wanted.clone()).await;
    let id = made["Id"].as_str().unwrap();
    assert_eq!(made["ParentDepartmentId"], HEAD);
    assert_eq!(refused(&fake, body(&target, wanted)).await.0, 409);
    let below = json!({
        "ParentDepartmentId": id, "Name": "Ворота", "Abbreviation": "В",
        "Routing": { "Kpp": false, "Address": false },
    });
    let below = post(&fake, &target, below).await;
    let below = below["Id"].as_str().unwrap();
    let all = get(&fake, &format!("/admin/GetDepartments?boxId={FIRST}")).await;
    let all = all["Departments"].as_array().unwrap();
    let ids: Vec<_> = all.iter().map(|one| one["Id"].as_str().unwrap()).collect();
    assert_eq!(ids, [HEAD, id, below]);
    let page = get(
        &fake,
        &format!("/admin/GetDepartments?boxId={FIRST}&page=2&count=2"),
    )
    .await;
    assert_eq!(page["Departments"][0]["Id"], below);
    assert_eq!(page["TotalCount"], 3);

    let target = format!("/admin/UpdateDepartment?boxId={FIRST}&departmentId={id}");
    let loops = json!({ "ParentDepartment": { "ParentDepartmentId": below } });
    assert_eq!(refused(&fake, body(&target, loops)).await.0, 409);
    let renamed = json!({ "DepartmentNaming": { "Name": "Двор", "Abbreviation": "Д" } });
    assert_eq!(post(&fake, &target, renamed).await["Name"], "Двор");
    let shown = get(
        &fake,
        &format!("/V2/GetDepartment?boxId={FIRST}&departmentId={id}"),
    )
    .await;
    assert_eq!(shown["Name"], "Двор");
    let shown = get(&fake, &format!("/GetOrganization?boxId={FIRST}")).await;
    assert_eq!(shown["Departments"].as_array().unwrap().len(), 2);

    let delete = |id: &str| {
        let target = format!("/admin/DeleteDepartment?boxId={FIRST}&departmentId={id}");
        Call::post(target, JSON, "")
    };
    assert_eq!(refused(&fake, delete(HEAD)).await.0, 409);
    assert_eq!(refused(&fake, delete(id)).await.0, 409);
    assert_eq!(delete(below).send(&fake).await.status, 200);
    assert_eq!(delete(id).send(&fake).await.status, 200);
    let gone = (404, "Department wasn't found".to_owned());
    assert_eq!(refused(&fake, delete(id)).await, gone);
}

#[tokio::test]
async fn employees_come_change_and_go() {
    let fake = fake().await;
    let me = get(&fake, "/V2/GetMyUser").await;
    let me = me["UserId"].as_str().unwrap();
    let target = format!("/CreateEmployee?boxId={FIRST}");
    let wanted = json!({
        "Credentials": { "Login": { "Login": "petrov@example.ru", "FullName": {
            "LastName": "Петров", "FirstName": "Пётр" } } },
        "Position": "Кладовщик", "CanBeInvitedForChat": true,
        "Permissions": {
            "UserDepartmentId": HEAD, "IsAdministrator": false,
            "DocumentAccessLevel": "DepartmentOnly", "SelectedDepartmentIds": [],
            "Actions": [{ "Name": "SignDocuments", "IsAllowed": true }],
        },
    });
    let made = post(&fake, &target, wanted.clone()).await;
    let id = made["User"]["UserId"].as_str().unwrap();
    assert_eq!(made["User"]["IsRegistered"], false);
    assert_eq!(refused(&fake, body(&target, wanted)).await.0, 409);
    let list = get(&fake, &format!("/GetEmployees?boxId={FIRST}")).await;
    assert_eq!(list["TotalCount"], 2);
    assert_eq!(list["Employees"][1]["User"]["UserId"], id);
    let users = get(&fake, &format!("/V2/GetOrganizationUsers?boxId={FIRST}")).await;
    assert_eq!(
        users["Users"].as_array().unwrap().len(),
        1,
        "the other has not signed in"
    );
    assert_eq!(users["CurrentUserId"], me);

    let update = |id: &str| format!("/UpdateEmployee?boxId={FIRST}&userId={id}");
    let change = json!({ "Position": { "Position": "Завскладом" }, "Permissions": {
        "Actions": [{ "Name": "SignDocuments", "IsAllowed": false }] } });
    let changed = post(&fake, &update(id), change).await;
    assert_eq!(changed["Position"], "Завскладом");
    let actions = changed["Permissions"]["Actions"].as_array().unwrap();
    assert!(actions.iter().all(|action| action["IsAllowed"] == false));
    let demote = json!({ "Permissions": { "IsAdministrator": { "IsAdministrator": false } } });
    assert_eq!(
        refused(&fake, body(&update(me), demote.clone())).await.0,
        409
    );
    let raise = json!({ "Permissions": { "IsAdministrator": { "IsAdministrator": true } } });
    post(&fake, &update(id), raise).await;
    post(&fake, &update(me), demote).await;
    let target = format!("/GetEmployees?boxId={FIRST}");
    assert_eq!(refused(&fake, Call::get(target)).await.0, 403);
    get(&fake, &format!("/GetMyEmployee?boxId={FIRST}")).await;
    get(&fake, &format!("/GetMyCertificates?boxId={FIRST}")).await;
}

#[tokio::test]
async fn who_is_dismissed_stays_so() {
    let fake = fake().await;
    let me = get(&fake, "/V2/GetMyUser").await["UserId"].clone();
    let delete = |id: &str| {
        Call::post(
            format!("/DeleteEmployee?boxId={SECOND}&userId={id}"),
            JSON,
            "",
        )
    };
    assert_eq!(refused(&fake, delete(me.as_str().unwrap())).await.0, 409);
    assert_eq!(refused(&fake, delete(SECOND)).await.0, 404);
    let wanted = json!({
        "Credentials": { "Login": { "Login": "petrov@example.ru" } }, "CanBeInvitedForChat": false,
        "Permissions": { "UserDepartmentId": HEAD, "IsAdministrator": false,
            "DocumentAccessLevel": "AllDocuments" },
    });
    let made = post(&fake, &format!("/CreateEmployee?boxId={SECOND}"), wanted).await;
    let id = made["User"]["UserId"].as_str().unwrap();
    let target = format!("/UpdateSubscriptions?boxId={SECOND}&userId={id}");
    let less = json!({ "Subscriptions": [{ "Id": "News", "IsSubscribed": false }] });
    let shown = post(&fake, &target, less).await;
    let shown = shown["Subscriptions"].as_array().unwrap();
    let wanted = shown.iter().filter(|one| one["IsSubscribed"] == true);
    assert_eq!((shown.len(), wanted.count()), (10, 9));
    for _ in 0..2 {
        assert_eq!(delete(id).send(&fake).await.status, 200);
    }
    let target = format!("/GetSubscriptions?boxId={SECOND}&userId={id}");
    assert_eq!(refused(&fake, Call::get(target)).await.0, 404);
}

/// How both boxes see the other one.
async fn states(fake: &Fake) -> (Value, Value) {
    let target =
        |mine, theirs| format!("/V3/GetCounteragent?myBoxId={mine}&counteragentBoxId={theirs}");
    let mine = get(fake, &target(FIRST, SECOND)).await;
    let theirs = get(fake, &target(SECOND, FIRST)).await;
    (
        mine["CurrentStatus"].clone(),
        theirs["CurrentStatus"].clone(),
    )
}

async fn acquire(fake: &Fake, mine: &str, theirs: Value) -> Call {
    let target = format!("/V3/AcquireCounteragent?myBoxId={mine}");
    let task = post(fake, &target, theirs).await;
    let task = task["TaskId"].as_str().unwrap();
    Call::get(format!(
        "/V3/AcquireCounteragentResult?myBoxId={mine}&taskId={task}"
    ))
}

async fn break_up(fake: &Fake, mine: &str, theirs: &str) {
    let target = format!(
        "/V2/BreakWithCounteragent?myBoxId={mine}&counteragentBoxId={theirs}&comment=%D0%9D%D0%B5%D1%82"
    );
    let came = Call::post(target, JSON, "").send(fake).await;
    assert_eq!(came.status, 200, "{}", came.text());
}

#[tokio::test]
async fn relations_end_and_begin_on_both_sides() {
    let fake = fake().await;
    break_up(&fake, FIRST, SECOND).await;
    let pair = |one: &str, other: &str| (json!(one), json!(other));
    assert_eq!(states(&fake).await, pair("IsRejectedByMe", "RejectsMe"));
    // Who was broken with cannot come back without a yes.
    let done = acquire(
        &fake,
        SECOND,
        json!({ "BoxId": FIRST, "MessageToCounteragent": "?" }),
    );
    let done = done.await.accept(JSON).send(&fake).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(states(&fake).await, pair("InvitesMe", "IsInvitedByMe"));
    break_up(&fake, SECOND, FIRST).await;
    assert_eq!(
        states(&fake).await,
        pair("IsRejectedByMe", "RejectsMe"),
        "as before"
    );
    acquire(&fake, SECOND, json!({ "BoxId": FIRST })).await;
    acquire(&fake, FIRST, json!({ "BoxId": SECOND })).await;
    assert_eq!(
        states(&fake).await,
        pair("IsMyCounteragent", "IsMyCounteragent")
    );
    let unknown = acquire(&fake, FIRST, json!({ "Inn": "7736050003" })).await;
    let text = "Нельзя пригласить контрагента с ИНН = 7736050003".to_owned();
    assert_eq!(refused(&fake, unknown).await, (409, text));

    let target = format!("/V1/GetCounteragentEvents?boxId={SECOND}");
    let feed = get(&fake, &target).await;
    let types = |feed: &Value| -> Vec<Value> {
        let events = feed["Events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["EventTypes"][0].clone())
            .collect()
    };
    let all = types(&feed);
    let expected = [
        "CounteragentBrokeUpWithMe",
        "IInvitedCounteragent",
        "IWithdrewInvitation",
        "IInvitedCounteragent",
        "CounteragentAcceptedInvitation",
    ];
    assert_eq!(all, expected);
    let key = feed["Events"][2]["IndexKey"].as_str().unwrap();
    let key = key
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let rest = get(&fake, &format!("{target}&afterIndexKey={key}&limit=1")).await;
    assert_eq!(types(&rest), expected[3..4]);
    assert_eq!(rest["TotalCount"], 2);
    let wrong = refused(&fake, Call::get(format!("{target}&afterIndexKey=AAAA"))).await;
    assert_eq!(wrong, (400, "cursor must have valid value".to_owned()));
}

#[tokio::test]
async fn the_list_of_counteragents_is_filtered_and_paged() {
    let fake = fake().await;
    let target = format!("/V3/GetCounteragents?myBoxId={FIRST}");
    let all = get(&fake, &target).await;
    assert_eq!(all["TotalCount"], 1);
    let key = all["Counteragents"][0]["IndexKey"].as_str().unwrap();
    assert_eq!(key.len(), 48);
    let none = get(&fake, &format!("{target}&afterIndexKey={key}")).await;
    assert_eq!(none["Counteragents"], json!([]));
    let none = get(&fake, &format!("{target}&counteragentStatus=Rejected")).await;
    assert_eq!(none["TotalCount"], 0);
    let found = get(&fake, &format!("{target}&query=%D0%92%D0%90%D0%A1%D0%98")).await;
    assert_eq!(found["TotalCount"], 1);
    let certificates =
        format!("/V2/GetCounteragentCertificates?myBoxId={FIRST}&counteragentBoxId={SECOND}");
    let certificates = get(&fake, &certificates).await;
    assert_eq!(certificates["Certificates"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn groups_hold_counteragents() {
    let fake = fake().await;
    let create = format!("/CreateCounteragentGroup?boxId={FIRST}");
    let made = post(&fake, &create, json!({ "Name": "Свои" })).await;
    let id = made["CounteragentGroupId"].as_str().unwrap();
    assert_eq!(
        refused(&fake, body(&create, json!({ "Name": "Свои" })))
            .await
            .0,
        409
    );
    let add = |group: &str| {
        let target = format!(
            "/AddCounteragentToGroup?boxId={FIRST}&counteragentBoxId={SECOND}&counteragentGroupId={group}"
        );
        Call::post(target, JSON, "")
    };
    assert_eq!(add(id).send(&fake).await.status, 200);
    assert_eq!(refused(&fake, add(FIRST)).await.0, 404);
    let members = |group: &str| {
        format!("/GetCounteragentsFromGroup?boxId={FIRST}&counteragentGroupId={group}")
    };
    assert_eq!(
        get(&fake, &members(id)).await["CounteragentBoxId"],
        json!([SECOND])
    );
    assert_eq!(get(&fake, &members(HEAD)).await["TotalCount"], 0);
    let groups = get(&fake, &format!("/GetCounteragentGroups?boxId={FIRST}")).await;
    assert_eq!(groups["TotalCount"], 2);
    let update = format!("/UpdateCounteragentGroup?boxId={FIRST}&counteragentGroupId={HEAD}");
    assert_eq!(
        refused(&fake, body(&update, json!({ "Name": "Все" })))
            .await
            .0,
        400
    );
    let delete = |group: &str| {
        let target = format!("/DeleteCounteragentGroup?boxId={FIRST}&counteragentGroupId={group}");
        Call::post(target, JSON, "")
    };
    assert_eq!(refused(&fake, delete(HEAD)).await.0, 409);
    assert_eq!(delete(id).send(&fake).await.status, 200);
    assert_eq!(get(&fake, &members(HEAD)).await["TotalCount"], 1);
}

#[tokio::test]
async fn strings_are_kept_for_the_organization() {
    let fake = fake().await;
    let entries =
        json!({ "Entries": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }] });
    post(
        &fake,
        &format!("/V2/KeyValueStoragePut?boxId={FIRST}"),
        entries,
    )
    .await;
    let keys = json!({ "Keys": ["b", "c"] });
    let target = |id| format!("/V2/KeyValueStorageGet?boxId={id}");
    let found = post(&fake, &target(FIRST), keys.clone()).await;
    assert_eq!(found["Entries"], json!([{ "Key": "b", "Value": "2" }]));
    assert_eq!(
        post(&fake, &target(SECOND), keys).await["Entries"],
        json!([])
    );
}

#[tokio::test]
async fn the_shelf_of_a_user_keeps_parts() {
    const BYTES: &str = "application/octet-stream";
    let fake = fake().await;
    let came = Call::post("/ShelfUploadPartInit?fileExtension=.txt", BYTES, "one ");
    let name = came.send(&fake).await.text().to_owned();
    let part =
        |index: u32| format!("/ShelfUploadPart?fileName={name}&partIndex={index}&isLastPart=true");
    let came = Call::post(part(2_147_483_647), BYTES, "x")
        .send(&fake)
        .await;
    assert!(came.text().starts_with("[1,2,3,"), "{}", came.text());
    assert!(came.text().len() < 10_000);
    let came = Call::post(part(1), BYTES, "two").send(&fake).await;
    // The last one that says it is the last counts.
    assert_eq!(came.text(), "[]");
    let get = Call::get(format!("/V2/ShelfDownload?fileName={name}"));
    assert_eq!(get.send(&fake).await.text(), "one two");
    let public = Call::post("/ShelfUpload?nameOnShelf=report&partIndex=0", BYTES, "x");
    assert_eq!(refused(&fake, public).await.0, 400);
}

/// A world with two users of their own tokens, in one organization each.
fn two_users() -> World {
    let text = format!(
        r#"{{
            // Nobody else is let in.
            "users": [
                {{ "login": "a@example.ru", "last_name": "А", "first_name": "А", "token": "hers" }},
                {{ "login": "b@example.ru", "last_name": "Б", "first_name": "Б", "token": "his" }},
            ],
            "organizations": [
                {{ "box": "{FIRST}", "inn": "7705000010", "name": "Один",
                  "departments": [{{ "name": "Склад" }}],
                  "employees": [{{ "user": "a@example.ru", "department": "Склад" }}] }},
                {{ "box": "{SECOND}", "inn": "7810000019", "name": "Два",
                  "employees": [{{ "user": "b@example.ru" }}] }}
            ],
            "relations": [{{ "from": "7705000010", "to": "{SECOND}", "status": "InvitesMe" }}],
            "letters": [
                {{ "from": "7705000010", "to": "7810000019", "type": "UniversalTransferDocument",
                  "function": "СЧФДОП", "number": "1", "date": "01.07.2025", "sum": "12.00",
                  "vat": "2.00", "when": "2025-07-01T09:00:00Z", "state": "signed", "repeat": 3 }},
                {{ "from": "7810000019", "to": "7705000010", "state": "refused" }},
                {{ "from": "7810000019", "to": "7705000010", "state": "unsigned" }},
                {{ "from": "7810000019", "to": "7705000010", "state": "draft" }}
            ]
        }}"#
    );
    World::from_json(&text).unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn each_token_is_its_own_users() {
    let fake = Fake::builder()
        .world(two_users())
        .start()
        .await
        .expect("a port");
    let with = |call: Call, token: &str| {
        call.with("Authorization", &format!("Bearer {token}"))
            .accept(JSON)
    };
    let me = with(Call::get("/V2/GetMyUser"), "his")
        .send(&fake)
        .await
        .json();
    assert_eq!(me["Login"], "b@example.ru");
    let nobody = with(Call::get("/V2/GetMyUser"), "nobodys")
        .send(&fake)
        .await;
    assert_eq!(
        (nobody.status, nobody.text().trim_end()),
        (401, "Invalid auth token")
    );
    let target = format!("/GetOrganizationFeatures?boxId={FIRST}");
    assert_eq!(
        with(Call::get(&*target), "his").send(&fake).await.status,
        403
    );
    let login = json!({ "login": "A@example.ru", "password": "any" }).to_string();
    let call = Call::post("/V3/Authenticate?type=password", JSON, login)
        .with("Authorization", "DiadocAuth ddauth_api_client_id=any");
    assert_eq!(call.send(&fake).await.text(), "hers");

    let form = "grant_type=refresh_token&refresh_token=a%40example.ru&client_id=i&client_secret=s";
    let call = Call::post("/connect/token", "application/x-www-form-urlencoded", form);
    let given = call.send(&fake).await.json();
    let token = given["access_token"].as_str().unwrap();
    let me = with(Call::get("/V2/GetMyUser"), token)
        .send(&fake)
        .await
        .json();
    assert_eq!(me["Login"], "a@example.ru");
}

/// Where nobody is the user of every token, a token that is taken and names nobody is the first user's.
#[tokio::test]
async fn a_token_that_names_no_user_is_the_first_users() {
    let me = async |fake: &Fake, token: &str| {
        let call = Call::get("/V2/GetMyUser").accept(JSON);
        let call = call.with("Authorization", &format!("Bearer {token}"));
        call.send(fake).await.status
    };
    let builder = Fake::builder().world(two_users()).token("the-tests");
    let fake = builder.start().await.expect("a port");
    assert_eq!(me(&fake, "the-tests").await, 200);
    assert_eq!(me(&fake, "nobodys").await, 401);
    for builder in [
        Fake::builder().world(two_users()),
        Fake::builder().world(two_users()).oidc(Oidc::default()),
    ] {
        let fake = builder.start().await.expect("a port");
        let form = "grant_type=refresh_token&refresh_token=nobodys&client_id=i&client_secret=s";
        let call = Call::post("/connect/token", "application/x-www-form-urlencoded", form);
        let given = call.send(&fake).await.json();
        let token = given["access_token"].as_str().expect("a token");
        assert_eq!(me(&fake, token).await, 200);
        assert_eq!(me(&fake, "nobodys").await, 401);
    }
}

#[tokio::test]
async fn letters_of_a_file_are_there_at_the_start() {
    let fake = Fake::builder()
        .world(two_users())
        .start()
        .await
        .expect("a port");
    let count = async |token: &str, box_id: &str, filter: &str| {
        let target = format!("/V3/GetDocuments?boxId={box_id}&filterCategory={filter}");
        let call = Call::get(target).with("Authorization", &format!("Bearer {token}"));
        let came = call.accept(JSON).send(&fake).await;
        assert_eq!(came.status, 200, "{}", came.text());
        check(&fake, Form::Json, &came.body);
        came.json()["TotalCount"].as_i64().unwrap()
    };
    assert_eq!(
        count("hers", FIRST, "Any.OutboundWithRecipientSignature").await,
        3
    );
    assert_eq!(
        count("his", SECOND, "UniversalTransferDocument.Inbound").await,
        3
    );
    assert_eq!(
        count(
            "his",
            SECOND,
            "Any.OutboundRecipientSignatureRequestRejected"
        )
        .await,
        1
    );
    assert_eq!(
        count("his", SECOND, "Any.OutboundWaitingForSenderSignature").await,
        1
    );
}

#[test]
fn all_that_is_wrong_with_a_file_is_told_at_once() {
    let text = r#"{
  "users": [{ "login": "a", "tokn": "x" }],
  "organizations": [
    { "box": "1f208d03", "inn": "1", "name": "Один" },
    { "inn": "7705000010", "name": 2 }
  ],
  "relations": [{ "from": "7705000011", "to": "7705000010", "status": "IsMyCounteragnt" }]
}"#;
    let told = World::from_json(text).unwrap_err().to_string();
    let expected = [
        "2:29: there is no key `tokn`; did you mean `token`?",
        "4:14: `box` is ",
        "4:33: `inn` is ",
        "5:5: `box` of this organization is missing",
        "5:36: `name` is a string, not a number",
        "7:27: there is no organization with the box or INN `7705000011`",
        "7:47: there is no organization with the box or INN `7705000010`",
        "7:71: `status` is ",
    ];
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{told}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    let text = format!(
        r#"{{ "users": [{{ "login": "a" }}],
  "organizations": [{{ "box": "{FIRST}", "inn": "7705000010", "name": "Один",
    "employees": [{{ "user": "b" }}] }}] }}"#
    );
    let told = World::from_json(&text).unwrap_err().to_string();
    assert_eq!(told, "3:29: there is no user `b`");
}

/// The name of a group has the length that the schema has for it.
#[test]
fn names_in_a_file_have_the_length_of_their_fields() {
    let of = |name: &str| {
        format!(
            r#"{{ "users": [{{ "login": "a" }}], "organizations": [
  {{ "box": "{FIRST}", "inn": "7705000010", "name": "Один", "groups": [{{ "name": "{name}" }}] }}] }}"#
        )
    };
    World::from_json(&of(&"я".repeat(1024))).unwrap();
    for name in ["", &"я".repeat(1025)] {
        let told = World::from_json(&of(name)).unwrap_err().to_string();
        assert!(told.starts_with("2:110: "), "{told}");
    }
}

/// What is of the right type, and cannot be.
#[test]
fn what_cannot_be_in_a_file_is_told_with_its_place() {
    let text = format!(
        r#"{{
  "users": [{{ "login": "a" }}, {{ "login": "b" }}],
  "organizations": [
    {{ "box": "{FIRST}", "inn": "7705000011", "name": "Один", "employees": [{{ "user": "a" }}],
      "departments": [{{ "name": "Склад", "id": "00000000-0000-0000-0000-000000000000" }}],
      "routes": [{{ "name": "Путь", "steps": [{{ "user": "a" }}, {{ "user": "b" }}, {{ "user": "c" }}] }}] }},
    {{ "box": "{SECOND}", "inn": "500100732250", "name": "Два", "employees": [{{ "user": "a" }}] }}
  ],
  "letters": [
    {{ "from": "{FIRST}", "to": "{SECOND}", "sum": "12,00", "vat": "inf" }},
    {{ "from": "{FIRST}", "to": "{SECOND}", "sum": "-12", "vat": "2.", "repeat": 2 }}
  ]
}}"#
    );
    let told = World::from_json(&text).unwrap_err().to_string();
    let expected = [
        "4:61: the check digits of this INN are wrong",
        "5:48: the zero GUID is the id of the head department",
        "6:73: `b` is no employee there",
        "6:90: there is no user `c`",
        "7:61: the check digits of this INN are wrong",
        "10:108: `sum` is a sum such as 1200.00, not `12,00`",
        "10:124: `vat` is a sum such as 1200.00, not `inf`",
        "11:122: `vat` is a sum such as 1200.00, not `2.`",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_invitation_with_a_document_is_accepted_by_a_signature() {
    let fake = fake().await;
    break_up(&fake, FIRST, SECOND).await;
    let invitation = json!({
        "BoxId": SECOND,
        "InvitationDocument": {
            "SignedContent": { "Content": "0J/RgNC40LLQtdGC", "SignWithTestSignature": true },
            "FileName": "Приглашение.txt",
            "SignatureRequested": true,
        },
    });
    let result = acquire(&fake, FIRST, invitation)
        .await
        .accept(JSON)
        .send(&fake)
        .await;
    assert_eq!(result.status, 200, "{}", result.text());
    let document = result.json()["InvitationDocumentId"].clone();
    assert_eq!(
        states(&fake).await,
        (json!("IsInvitedByMe"), json!("InvitesMe"))
    );
    let plain = acquire(&fake, SECOND, json!({ "BoxId": FIRST })).await;
    assert_eq!(refused(&fake, plain).await.0, 409);
    let signature = json!({
        "BoxId": SECOND, "MessageId": document["MessageId"],
        "Signatures": [{ "ParentEntityId": document["EntityId"], "SignWithTestSignature": true }],
    });
    post(&fake, "/V3/PostMessagePatch", signature).await;
    assert_eq!(
        states(&fake).await,
        (json!("IsMyCounteragent"), json!("IsMyCounteragent"))
    );
}

/// The blocks of JSON that the README shows: first a world, then a script.
#[test]
fn the_readme_shows_a_world_and_a_script() {
    let readme = include_str!("../../README.md");
    let blocks: Vec<_> = readme
        .split("```json\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    let [world, script] = blocks[..] else {
        panic!("{} blocks", blocks.len());
    };
    diadoc_fake::world::World::from_json(world).unwrap();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("readme-script.json");
    std::fs::write(&file, script).unwrap();
    diadoc_fake::world::script::CounteragentScript::load(&file).unwrap();
}
