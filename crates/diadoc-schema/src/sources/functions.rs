//! Functions of C# and Java with what their bodies say of HTTP: paths, names of parameters, calls.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};

use super::tokens::Token;

/// Words that stand before brackets and are no calls.
const KEYWORDS: &[&str] = &[
    "catch",
    "fixed",
    "for",
    "foreach",
    "if",
    "lock",
    "return",
    "switch",
    "synchronized",
    "try",
    "using",
    "when",
    "while",
];

/// A function, as its text tells.
#[derive(Debug)]
pub(super) struct Function {
    pub name: String,
    /// How many arguments it takes.
    pub arity: RangeInclusive<usize>,
    /// Paths in its literals, each with a `/` before it.
    pub paths: BTreeSet<String>,
    /// Names of query parameters in its literals.
    pub query: BTreeSet<String>,
    /// Names that it calls, with the number of arguments.
    pub calls: BTreeSet<(String, usize)>,
}

/// The functions of a file. Functions inside of functions count as part of them.
pub(super) fn functions(tokens: &[Token]) -> Vec<Function> {
    let source = Source {
        tokens,
        ends: ends(tokens),
    };
    let (places, constants) = source.outline();
    places
        .into_iter()
        .map(|place| source.function(&place, &constants))
        .collect()
}

struct Source<'a> {
    tokens: &'a [Token<'a>],
    /// For each opening bracket the place of its closing one.
    ends: HashMap<usize, usize>,
}

/// A function's name, and where its arguments and its body stand.
struct Place<'a> {
    name: &'a str,
    arguments: Range<usize>,
    body: Range<usize>,
}

fn ends(tokens: &[Token]) -> HashMap<usize, usize> {
    let mut open: HashMap<char, Vec<usize>> = HashMap::new();
    let mut ends = HashMap::new();
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark(mark @ ('(' | '{' | '[')) => open.entry(*mark).or_default().push(place),
            Token::Mark(mark @ (')' | '}' | ']')) => {
                let opening = match mark {
                    ')' => '(',
                    '}' => '{',
                    _ => '[',
                };
                if let Some(start) = open.get_mut(&opening).and_then(Vec::pop) {
                    ends.insert(start, place);
                }
            }
            _ => {}
        }
    }
    ends
}

impl<'a> Source<'a> {
    fn at(&self, place: usize) -> Option<Token<'a>> {
        self.tokens.get(place).copied()
    }

    /// Where the bracket at that place closes; the end of the file where it does not.
    fn end(&self, place: usize) -> usize {
        self.ends.get(&place).copied().unwrap_or(self.tokens.len())
    }

    /// The functions, and the string constants beside them by name.
    fn outline(&self) -> (Vec<Place<'a>>, HashMap<&'a str, &'a str>) {
        let (mut places, mut constants) = (Vec::new(), HashMap::new());
        let mut place = 0;
        while let Some(token) = self.at(place) {
            let Token::Name(name) = token else {
                place += 1;
                continue;
            };
            if let (Some(Token::Mark('=')), Some(Token::Text(text))) =
                (self.at(place + 1), self.at(place + 2))
            {
                constants.insert(name, text);
            }
            let is_new = place > 0 && self.at(place - 1) == Some(Token::Name("new"));
            let Some(open) = self
                .brackets(place)
                .filter(|_| !is_new && !KEYWORDS.contains(&name))
            else {
                place += 1;
                continue;
            };
            let close = self.end(open);
            let Some(body) = self.body(close + 1) else {
                place = close + 1;
                continue;
            };
            place = body.end;
            places.push(Place {
                name,
                arguments: open + 1..close,
                body,
            });
        }
        (places, constants)
    }

    /// The opening bracket after a name, type arguments aside: `name<T>(`.
    fn brackets(&self, name: usize) -> Option<usize> {
        match self.at(name + 1)? {
            Token::Mark('(') => Some(name + 1),
            Token::Mark('<') => {
                let close = self.angle_end(name + 1)?;
                (self.at(close + 1) == Some(Token::Mark('('))).then_some(close + 1)
            }
            _ => None,
        }
    }

    /// Where the type arguments that open at that place close; none where something else than types
    /// stands between, as in `i < n`.
    fn angle_end(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let tokens = self.tokens.iter().enumerate();
        for (place, token) in tokens.skip(open).take(MOST_OF_TYPES) {
            match token {
                Token::Mark('<') => depth += 1,
                Token::Mark('>') if depth == 1 => return Some(place),
                // More close than open only where the place is no `<`.
                Token::Mark('>') => depth = depth.checked_sub(1)?,
                Token::Name(_) | Token::Mark(',' | '.' | '?' | '[' | ']') => {}
                _ => return None,
            }
        }
        None
    }

    /// The body that follows the arguments of a function, with what may stand between the two; none
    /// where there is no body, as after a call.
    fn body(&self, start: usize) -> Option<Range<usize>> {
        let rest = self.tokens.get(start..)?;
        let is_between = |token: &Token| {
            matches!(
                token,
                Token::Name(_) | Token::Mark('.' | ',' | ':' | '<' | '>' | '(' | ')' | '?')
            )
        };
        let open = start + rest.iter().take_while(|token| is_between(token)).count();
        match self.at(open)? {
            Token::Mark('{') => Some(open + 1..self.end(open)),
            Token::Arrow => {
                let length = rest[open - start..]
                    .iter()
                    .position(|one| *one == Token::Mark(';'));
                Some(open + 1..length.map_or(self.tokens.len(), |length| open + length))
            }
            _ => None,
        }
    }

    /// How many arguments stand there, and how many of them have a default.
    fn arguments(&self, range: Range<usize>) -> (usize, usize) {
        let (mut commas, mut defaults, mut angles) = (0, 0, 0_usize);
        let mut place = range.start;
        while place < range.end {
            match self.at(place) {
                Some(Token::Mark('(' | '{' | '[')) => place = self.end(place),
                Some(Token::Mark('<')) => angles += 1,
                Some(Token::Mark('>')) => angles = angles.saturating_sub(1),
                Some(Token::Mark(',')) if angles == 0 => commas += 1,
                Some(Token::Mark('=')) => defaults += 1,
                _ => {}
            }
            place += 1;
        }
        match range.is_empty() {
            true => (0, 0),
            false => (commas + 1, defaults),
        }
    }

    fn function(&self, place: &Place, constants: &HashMap<&'a str, &'a str>) -> Function {
        let (arguments, defaults) = self.arguments(place.arguments.clone());
        let mut function = Function {
            name: place.name.to_owned(),
            arity: arguments.saturating_sub(defaults)..=arguments,
            paths: BTreeSet::new(),
            query: BTreeSet::new(),
            calls: BTreeSet::new(),
        };
        // The calls that a token stands in, with the literals seen in each.
        let mut around: Vec<(Option<&str>, usize)> = Vec::new();
        for place in place.body.clone() {
            let text = match self.at(place) {
                Some(Token::Mark('(')) => {
                    let callee = called(place, self.tokens);
                    if let Some(name) = callee {
                        let (arguments, _) = self.arguments(place + 1..self.end(place));
                        function.calls.insert((name.to_owned(), arguments));
                    }
                    around.push((callee, 0));
                    continue;
                }
                Some(Token::Mark(')')) => {
                    around.pop();
                    continue;
                }
                Some(Token::Text(text)) => text,
                Some(Token::Name(name)) => match constants.get(name) {
                    Some(text) => text,
                    None => continue,
                },
                _ => continue,
            };
            let mut in_call = (None, 0);
            if let Some((callee, literals)) = around.last_mut() {
                *literals += 1;
                in_call = (*callee, *literals);
            }
            function.literal(text, in_call);
        }
        function
    }
}

impl Function {
    /// Takes from a literal what it says. `in_call` is the call that it stands in, and its place among
    /// the literals there.
    fn literal(&mut self, text: &str, in_call: (Option<&str>, usize)) {
        let (callee, place) = in_call;
        let takes_path = callee.is_some_and(|name| name.contains("Path") || name.contains("Query"));
        self.paths.extend(path(text, takes_path));
        if place == 1 && callee.is_some_and(takes_parameter) && is_parameter(text) {
            self.query.insert(text.to_owned());
        }
        self.query.extend(query(text).map(str::to_owned));
    }
}

/// Whether the first literal of a call is the name of a parameter: `AddParameter("boxId", …)`.
fn takes_parameter(callee: &str) -> bool {
    let callee = callee.to_ascii_lowercase();
    callee.starts_with("addparameter")
        || callee.starts_with("setparameter")
        || callee == "with"
        || callee == "basicnamevaluepair"
}

fn is_parameter(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The path that a literal holds, if it looks like one: `/V3/GetDocument`, `V2/GetCounteragent`,
/// `/GetBox?boxId={0}`; without a slash or a query only where a path is due.
fn path(text: &str, is_due: bool) -> Option<String> {
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    let bare = path.strip_prefix('/').unwrap_or(path);
    let (folder, name) = match bare.split_once('/') {
        Some((folder, name)) => (Some(folder), name),
        None => (None, bare),
    };
    let is_folder = |folder: &str| {
        folder == "admin"
            || folder.strip_prefix('V').is_some_and(|version| {
                !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit())
            })
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    let has_query = query.is_some_and(|query| query.contains('='));
    let is_path = path.starts_with('/') || folder.is_some() || has_query || is_due;
    (is_name && is_path && folder.is_none_or(is_folder)).then(|| format!("/{bare}"))
}

/// The names of parameters in a literal with a query, or a part of one: `?boxId={0}&messageId={1}`.
fn query(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices(['?', '&']);
    starts.filter_map(|(start, _)| {
        let rest = &text[start + 1..];
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(length);
        let ends = rest.is_empty() || rest.starts_with(['=', '{', '&']);
        (ends && is_parameter(name)).then_some(name)
    })
}

/// How many tokens the type arguments of a function have at most: what opens and does not close is not looked
/// through to its end for each place.
const MOST_OF_TYPES: usize = 1_000;

/// The name before a bracket, type arguments aside.
fn called<'a>(open: usize, tokens: &[Token<'a>]) -> Option<&'a str> {
    match name_before(open, tokens)? {
        Token::Name(name) if !KEYWORDS.contains(&name) => Some(name),
        _ => None,
    }
}

/// The token before a bracket and the type arguments there, if there is one.
fn name_before<'a>(open: usize, tokens: &[Token<'a>]) -> Option<Token<'a>> {
    let mut before = tokens.get(..open)?.iter().rev().copied();
    let last = before.next()?;
    if last != Token::Mark('>') {
        return Some(last);
    }
    let mut depth = 1_usize;
    for token in before.by_ref().take(MOST_OF_TYPES) {
        match token {
            Token::Mark('>') => depth += 1,
            Token::Mark('<') if depth == 1 => break,
            Token::Mark('<') => depth -= 1,
            Token::Name(_) | Token::Mark(',' | '.' | '?' | '[' | ']') => {}
            _ => return None,
        }
    }
    before.next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tokens::tokens;
    use super::*;

    fn names(source: &str) -> Vec<String> {
        let found = functions(&tokens(source)).into_iter();
        found.map(|function| function.name).collect()
    }

    #[test]
    fn what_is_a_function() {
        for (source, found) in [
            ("int F(int a) { return a; }", &["F"][..]),
            ("int F<T, List<U[]>>(T a) => a;", &["F"]),
            ("int X { get { if (i < n >> (k)) { return 1; } } }", &[]),
            (
                "int X { get { if (i < n > > (k)) { } } } void F() { }",
                &["F"],
            ),
            ("static { G(1); } void F() { }", &["F"]),
            ("class A { static { } { } A() { } }", &["A"]),
            ("new A() { } while (x) { } F(x);", &[]),
            ("<T>(x) { } >(x) { } (x) { } F<(x) { }", &[]),
            ("F(", &[]),
            ("F() {", &["F"]),
            ("F() =>", &["F"]),
        ] {
            assert_eq!(names(source), found, "{source}");
        }
    }

    #[test]
    fn calls_with_type_arguments() {
        let source = "void F() { G<A, B<C>>(1); >(2); H(I<J(3)>(4)); }";
        let functions = functions(&tokens(source));
        let calls: Vec<_> = functions[0].calls.iter().map(|(name, _)| &**name).collect();
        assert_eq!(calls, ["G", "H", "J"]);
    }

    proptest! {
        /// Whatever stands in a file, what is found stands there.
        #[test]
        fn no_tokens_panic(parts in prop::collection::vec(prop::sample::select(&[
            "F", "new", "if", "static", "get", "x", " ", "(", ")", "{", "}", "[", "]", "<", ">",
            ",", ";", ".", "?", ":", "=", "=>", "\"", "\"/GetBox?a=1\"", "'", "\\", "@", "$",
            "\"\"\"", "//", "/*", "*/", "\n", "7", "ю",
        ][..]), 0..60)) {
            let source = parts.concat();
            for function in functions(&tokens(&source)) {
                prop_assert!(source.contains(&function.name));
                prop_assert!(function.calls.iter().all(|(name, _)| source.contains(name)));
            }
        }

        #[test]
        fn no_text_panics(source in any::<String>()) {
            let found = names(&source);
            prop_assert!(found.iter().all(|name| source.contains(name)));
        }
    }

    #[test]
    fn paths_in_literals() {
        for (text, is_due, found) in [
            ("/V3/GetDocument", false, Some("/V3/GetDocument")),
            ("/GetBox?boxId={0}", false, Some("/GetBox")),
            ("V2/GetCounteragent", false, Some("/V2/GetCounteragent")),
            ("admin/GetDepartment", false, Some("/admin/GetDepartment")),
            (
                "ShelfUpload?nameOnShelf=__userId__/{0}",
                false,
                Some("/ShelfUpload"),
            ),
            ("DetectForms", true, Some("/DetectForms")),
            ("DetectForms", false, None),
            ("What now?", false, None),
            ("/", true, None),
            ("/lower", true, None),
            ("/V/GetBox", true, None),
            ("/other/GetBox", true, None),
            ("/V2/a/GetBox", true, None),
            ("/Get Box", true, None),
            ("", true, None),
        ] {
            assert_eq!(path(text, is_due).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn parameters_in_literals() {
        let names = |text| query(text).collect::<Vec<_>>();
        assert_eq!(
            names("/A?one={0}&two=__x__/{1}&three"),
            ["one", "two", "three"]
        );
        assert_eq!(names("&flag{0}"), ["flag"]);
        assert_eq!(names("Why? Because & so on"), [""; 0]);
        assert_eq!(names("a ?b:c"), [""; 0]);
    }
}
