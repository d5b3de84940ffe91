//! What may stand in the file of a world.

use diadoc_core::rules::Format;

/// An object: its keys and what each of them holds.
pub(super) struct Shape {
    /// Its name in the JSON Schema.
    pub name: &'static str,
    pub description: &'static str,
    pub keys: &'static [Key],
}

pub(super) struct Key {
    pub name: &'static str,
    pub kind: Kind,
    pub is_required: bool,
    pub description: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// A text of that form.
    Of(Format),
    /// A moment in ISO 8601.
    Moment,
    OneOf(&'static [&'static str]),
    Flag,
    /// An integer, from 1 to the last one.
    Number(i64),
    /// A list of texts.
    Texts,
    /// A list of some of these.
    SomeOf(&'static [&'static str]),
    List(&'static Shape),
}

const fn key(name: &'static str, kind: Kind, description: &'static str) -> Key {
    Key {
        name,
        kind,
        is_required: false,
        description,
    }
}

const fn required(name: &'static str, kind: Kind, description: &'static str) -> Key {
    Key {
        name,
        kind,
        is_required: true,
        description,
    }
}

/// The most letters that one entry stands for.
pub(super) const MOST_REPEATS: i64 = 10_000;

pub(super) const ACTIONS: &[&str] = &[
    "CreateDocuments",
    "DeleteRestoreDocuments",
    "SignDocuments",
    "AddResolutions",
    "RequestResolutions",
    "ManageCounteragents",
    "AttachUniversalMessages",
    "UseGoskey",
    "CreatePaymentOrders",
];

pub(super) const ACCESS: &[&str] = &[
    "DepartmentOnly",
    "DepartmentAndSubdepartments",
    "AllDocuments",
];

pub(super) const STATUSES: &[&str] = &[
    "IsMyCounteragent",
    "InvitesMe",
    "IsInvitedByMe",
    "RejectsMe",
    "IsRejectedByMe",
];

pub(super) static WORLD: Shape = Shape {
    name: "world",
    description: "Who and what a fake Diadoc begins with.",
    keys: &[
        key(
            "$schema",
            Kind::Text,
            "The JSON Schema of such files, for editors.",
        ),
        key(
            "now",
            Kind::Moment,
            "The moment at which the clock stands until it is moved; without it the clock is the \
             system's.",
        ),
        key(
            "seed",
            Kind::Number(i64::MAX),
            "With the same number new ids are the same ones in every run.",
        ),
        key(
            "everybody",
            Kind::Text,
            "The login of the user whom a token stands for that is nobody's. Without it such tokens \
             are refused, unless no user has a token: then it is the first one.",
        ),
        required("users", Kind::List(&USER), "Who can sign in."),
        required(
            "organizations",
            Kind::List(&ORGANIZATION),
            "Organizations with their boxes.",
        ),
        key(
            "relations",
            Kind::List(&RELATION),
            "How organizations stand to each other.",
        ),
        key(
            "letters",
            Kind::List(&LETTER),
            "What was sent before the fake begins, as if clients had called.",
        ),
    ],
};

pub(super) static USER: Shape = Shape {
    name: "user",
    description: "A person who can sign in.",
    keys: &[
        required("login", Kind::Text, "The login, an e-mail address."),
        key(
            "id",
            Kind::Of(Format::Guid),
            "The user's id; a new one without it.",
        ),
        key("last_name", Kind::Text, "Last name."),
        key("first_name", Kind::Text, "First name."),
        key("middle_name", Kind::Text, "Middle name."),
        key(
            "token",
            Kind::Text,
            "The access token that stands for the user.",
        ),
    ],
};

pub(super) static ORGANIZATION: Shape = Shape {
    name: "organization",
    description: "An organization with its box.",
    keys: &[
        required("box", Kind::Of(Format::BoxId), "The id of the box."),
        key("id", Kind::Of(Format::Guid), "The id of the organization."),
        required("inn", Kind::Of(Format::Inn), "Tax number."),
        key("kpp", Kind::Of(Format::Kpp), "Tax registration code."),
        key("ogrn", Kind::Text, "State registration number."),
        key(
            "fns_participant_id",
            Kind::Text,
            "The id as a participant of the exchange; without it one is made of INN and KPP.",
        ),
        required("name", Kind::Text, "The name in short."),
        key(
            "full_name",
            Kind::Text,
            "The name in full; the short one without it.",
        ),
        key(
            "test",
            Kind::Flag,
            "Whether it is for tests; true without it.",
        ),
        key(
            "branch",
            Kind::Flag,
            "Whether it is a branch; false without it.",
        ),
        key(
            "counteragents_only",
            Kind::Flag,
            "Whether it takes documents from its counteragents alone; false without it.",
        ),
        key(
            "subscribed",
            Kind::Flag,
            "Whether its subscription goes on; with false calls for its box get 402.",
        ),
        key(
            "departments",
            Kind::List(&DEPARTMENT),
            "Departments besides the head one.",
        ),
        key(
            "employees",
            Kind::List(&EMPLOYEE),
            "Employees; without any the user of every token, or else each user, administers it.",
        ),
        key("groups", Kind::List(&GROUP), "Groups of counteragents."),
        key("routes", Kind::List(&ROUTE), "Routes of approval."),
    ],
};

static DEPARTMENT: Shape = Shape {
    name: "department",
    description: "A department.",
    keys: &[
        required(
            "name",
            Kind::Text,
            "Its name, by which other places of the file call it.",
        ),
        key(
            "id",
            Kind::Of(Format::Guid),
            "Its id; a new one without it.",
        ),
        key(
            "parent",
            Kind::Text,
            "The department above, which stands before this one.",
        ),
        key(
            "kpp",
            Kind::Of(Format::Kpp),
            "Its own tax registration code.",
        ),
    ],
};

static EMPLOYEE: Shape = Shape {
    name: "employee",
    description: "A user in the organization, with all rights unless something else is said.",
    keys: &[
        required("user", Kind::Text, "The user's login."),
        key(
            "department",
            Kind::Text,
            "The name of the department; the head one without it.",
        ),
        key(
            "administrator",
            Kind::Flag,
            "Whether the user administers it; true without it.",
        ),
        key(
            "access",
            Kind::OneOf(ACCESS),
            "Whose documents the user sees; all without it.",
        ),
        key(
            "sees",
            Kind::Texts,
            "The departments whose documents alone the user sees.",
        ),
        key(
            "actions",
            Kind::SomeOf(ACTIONS),
            "What the user may do; everything without it.",
        ),
        key("position", Kind::Text, "Position."),
        key(
            "blocked",
            Kind::Text,
            "Why access is closed; it is open without this.",
        ),
        key(
            "external_id",
            Kind::Text,
            "The account with the provider of a single sign-on.",
        ),
    ],
};

static GROUP: Shape = Shape {
    name: "group",
    description: "A group of counteragents.",
    keys: &[
        required("name", Kind::Text, "Its name."),
        key(
            "departments",
            Kind::Texts,
            "The departments that its members may write to.",
        ),
        key("members", Kind::Texts, "Its members, by box or INN."),
    ],
};

static ROUTE: Shape = Shape {
    name: "route",
    description: "A route of approval.",
    keys: &[
        required("name", Kind::Text, "Its name."),
        required(
            "steps",
            Kind::List(&STEP),
            "Who is asked, one after the other.",
        ),
    ],
};

static STEP: Shape = Shape {
    name: "step",
    description: "A step of a route.",
    keys: &[
        required("user", Kind::Text, "The login of who is asked."),
        key(
            "signature",
            Kind::Flag,
            "Whether for an approving signature; false without it.",
        ),
    ],
};

static RELATION: Shape = Shape {
    name: "relation",
    description: "How one organization stands to another.",
    keys: &[
        required("from", Kind::Text, "One of them, by box or INN."),
        required("to", Kind::Text, "The other one."),
        key(
            "status",
            Kind::OneOf(STATUSES),
            "As the first one sees it; IsMyCounteragent without it. The other side follows.",
        ),
    ],
};

pub(super) static LETTER: Shape = Shape {
    name: "letter",
    description: "A letter with one document.",
    keys: &[
        required("from", Kind::Text, "Who sends it, by box or INN."),
        required("to", Kind::Text, "Who gets it."),
        key(
            "type",
            Kind::Text,
            "The type of the document, such as UniversalTransferDocument; Nonformalized without it.",
        ),
        key("function", Kind::Text, "The function of the type."),
        key("version", Kind::Text, "The version of type and function."),
        key("file", Kind::Text, "The name of the file."),
        key("number", Kind::Text, "The number of the document."),
        key("date", Kind::Of(Format::Date), "The date of the document."),
        key("sum", Kind::Text, "The sum, such as 1200.00."),
        key("vat", Kind::Text, "The VAT in it."),
        key("comment", Kind::Text, "The comment on the document."),
        key(
            "when",
            Kind::Moment,
            "When it was sent; when the fake begins without it.",
        ),
        key(
            "state",
            Kind::OneOf(super::super::builder::LetterState::NAMES),
            "What became of it; delivered without it.",
        ),
        key(
            "repeat",
            Kind::Number(MOST_REPEATS),
            "How many such letters there are. With more than one each number gets an end of its own.",
        ),
    ],
};
