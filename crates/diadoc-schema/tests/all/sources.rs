//! Methods as the code of an SDK names them, against the schema.

use diadoc_schema::{Change, ChangeKind, Schema, Shape, compare, not_compared};

use crate::folder;

/// Small sources of the forms that the vendor's SDKs have; the methods are the API's own but for
/// `GetWeather`, the parameters but for `colour` and `flag`.
const CSHARP: &str = r#"
namespace Some.Api
{
    // "/InAComment" and /* "/V2/InAnother?x=1" */
    public partial class HttpApi
    {
        private const string BoxPath = "/GetBox";

        public Box GetBox(string token, string boxId)
        {
            var query = new PathAndQueryBuilder(BoxPath);
            query.AddParameter("boxId", boxId);
            return Perform<Box>(token, "GET", query.Build());
        }

        public Organization GetOrganizationById(string token, string orgId)
        {
            return GetOrganization(token, string.Format("/GetOrganization?orgId={0}", orgId));
        }

        public Organization GetOrganizationByInn(string token, string inn, string kpp = null)
        {
            var sb = new StringBuilder($"/GetOrganization?inn={inn}");
            if (!string.IsNullOrEmpty(kpp)) sb.AppendFormat("&kpp={0}", kpp);
            return GetOrganization(token, sb.ToString());
        }

        private Organization GetOrganization(string token, string path) => Perform<Organization>(token, "GET", path);

        public Weather GetWeather(string token) => Perform<Weather>(token, "GET", "/V2/GetWeather?flag");

        public Forms Detect(string token, string boxId)
        {
            return Perform<Request, Forms>(token, QueryWithBox("DetectCustomPrintForms", boxId));
        }

        private static string QueryWithBox(string action, string boxId)
        {
            return new PathAndQueryBuilder(action).WithBoxId(boxId).Build();
        }
    }

    public static class BuilderExtensions
    {
        public static PathAndQueryBuilder WithBoxId(this PathAndQueryBuilder builder, string boxId)
        {
            builder.AddParameter("boxId", boxId);
            return builder;
        }
    }
}
"#;

const JAVA: &str = r#"
package some.api;

public class EventClient {
    private static final String LAST = "/V2/GetLastEvent";

    /** Not this: "/GetNothing". */
    public Event last(String boxId) throws SdkException, IOException {
        var url = new URIBuilder(client.getBaseUrl()).setPath(LAST);
        Tools.addParameterIfNotNull(url, "colour", "red");
        return Event.parseFrom(client.perform(url.addParameter("boxId", boxId).build()));
    }

    public byte[] result(String taskId) {
        return waitTask("/CloudSignResult", taskId);
    }

    private byte[] waitTask(String path, String taskId) {
        return client.perform(new URIBuilder(base).setPath(path).addParameter("taskId", taskId).build());
    }
}
"#;

fn sdk(name: &str) -> (Shape, usize) {
    let proto = "package Diadoc.Api.Proto; message Only { optional string Id = 1; }";
    let folder = folder(
        name,
        &[
            ("proto/Only.proto", proto),
            ("src/HttpApi.cs", CSHARP),
            ("src/main/java/some/EventClient.java", JAVA),
            ("src/notes.txt", "\"/V9/GetNothing\""),
            (
                ".hidden/Old.cs",
                "class A { void F() { G(\"/V9/GetNothing\"); } }",
            ),
        ],
    );
    let mut shape = Shape::from(&Schema::from_proto_folder(&folder).unwrap());
    let paths = shape.read_sources(&folder).unwrap();
    (shape, paths)
}

fn of_methods(changes: &[Change]) -> Vec<String> {
    let is_of_method = |one: &&Change| {
        one.kind.id().starts_with("method-") || one.kind.id().starts_with("parameter-")
    };
    let of_methods = changes.iter().filter(is_of_method);
    of_methods.map(ToString::to_string).collect()
}

#[test]
fn what_the_code_calls_and_the_schema_lacks() {
    let (sdk, paths) = sdk("sdk");
    assert_eq!(paths, 6);
    let changes = compare(&sdk, &Shape::from(Schema::diadoc()));
    let mut lines = of_methods(&changes);
    lines.retain(|line| !line.contains(": method added"));
    insta::assert_snapshot!("sdk_to_schema", lines.join("\n"));
}

#[test]
fn what_the_schema_has_and_the_code_does_not_call() {
    let ours = Shape::from(Schema::diadoc());
    let (sdk, paths) = sdk("sdk_back");
    let left_out = not_compared(&ours, &sdk);
    assert!(
        left_out[0].contains("of methods all but paths and queries"),
        "{left_out:?}"
    );
    let changes = compare(&ours, &sdk);
    let removed = changes
        .iter()
        .filter(|one| one.kind == ChangeKind::MethodRemoved);
    let mut addresses: Vec<_> = Schema::diadoc()
        .methods()
        .iter()
        .map(|one| &one.path)
        .collect();
    addresses.sort();
    addresses.dedup();
    // All but those that the code calls, one of which the schema lacks.
    assert_eq!(removed.count(), addresses.len() - (paths - 1));
    let added = changes
        .iter()
        .find(|one| one.kind == ChangeKind::MethodAdded)
        .unwrap();
    assert_eq!(added.path, "/V2/GetWeather");
}

#[test]
fn a_folder_without_code_says_nothing_of_methods() {
    let proto = "package Diadoc.Api.Proto; message Only { optional string Id = 1; }";
    let folder = folder("no_code", &[("Only.proto", proto), ("A.cs", "class A { }")]);
    let mut shape = Shape::from(&Schema::from_proto_folder(&folder).unwrap());
    assert_eq!(shape.read_sources(&folder).unwrap(), 0);
    let changes = compare(&Shape::from(Schema::diadoc()), &shape);
    assert_eq!(of_methods(&changes), [""; 0]);
    let left_out = not_compared(&Shape::from(Schema::diadoc()), &shape);
    assert!(left_out[0].starts_with("methods, rules"), "{left_out:?}");

    // A schema that has methods keeps to them.
    let mut ours = Shape::from(Schema::diadoc());
    let (_, paths) = sdk("sdk_aside");
    let aside = folder.with_file_name("sdk_aside");
    assert_eq!((ours.read_sources(&aside).unwrap(), paths), (0, 6));
    assert_eq!(
        of_methods(&compare(&Shape::from(Schema::diadoc()), &ours)),
        [""; 0]
    );
    let gone = folder.join("gone");
    assert!(
        shape
            .read_sources(&gone)
            .unwrap_err()
            .to_string()
            .contains("gone")
    );
}
