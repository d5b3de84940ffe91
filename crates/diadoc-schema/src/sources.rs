//! HTTP methods as the sources of a vendor's SDK name them.
//!
//! The sources are read as text, not compiled: literals that look like a path, literals that name a
//! parameter of a query, and which function calls which. So it is known which paths an SDK calls and
//! with which parameters, but neither the verbs nor the bodies; a path that is put together of parts is
//! not seen.

mod functions;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use diadoc_core::files;

use crate::SchemaError;
use crate::endpoints::{Endpoint, Endpoints, Origin};
use crate::folder;
use functions::{Function, functions};
use tokens::tokens;

/// What the C# and Java sources below a folder call; none where no source names a path.
pub(crate) fn endpoints(folder: &Path) -> Result<Option<Endpoints>, SchemaError> {
    let mut all = Vec::new();
    for path in folder::files(folder, &["cs", "java"])? {
        let bytes = files::read(&path, files::MOST_OF_TEXT)
            .map_err(|source| SchemaError::Io { path, source })?;
        // Comments may be in any encoding; what is looked for is ASCII.
        all.extend(functions(&tokens(&String::from_utf8_lossy(&bytes))));
    }
    let queries = queries(&all);
    let mut by_path: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (function, query) in all.iter().zip(&queries) {
        for path in &function.paths {
            by_path
                .entry(path)
                .or_default()
                .extend(query.iter().cloned());
        }
    }
    let methods: Vec<_> = by_path
        .into_iter()
        .map(|(path, query)| Endpoint {
            path: path.to_owned(),
            query: query.into_iter().map(|name| (name, None)).collect(),
            ..Endpoint::default()
        })
        .collect();
    Ok((!methods.is_empty()).then(|| Endpoints {
        origin: Origin::Sources,
        methods,
        enums: BTreeMap::new(),
    }))
}

/// The parameters of each function: its own, and those of the functions without a path that it calls.
fn queries(all: &[Function]) -> Vec<BTreeSet<String>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, function) in all.iter().enumerate() {
        if function.paths.is_empty() {
            by_name.entry(&function.name).or_default().push(place);
        }
    }
    let called: Vec<BTreeSet<usize>> = all
        .iter()
        .map(|function| {
            let calls = function.calls.iter();
            calls
                .flat_map(|(name, arguments)| meant(all, by_name.get(&**name), *arguments))
                .collect()
        })
        .collect();
    let mut queries: Vec<_> = all.iter().map(|function| function.query.clone()).collect();
    // Functions may call each other in a circle: until nothing comes to it any more.
    loop {
        let mut grown = false;
        for (place, called) in called.iter().enumerate() {
            for other in called {
                let more: Vec<_> = queries[*other]
                    .difference(&queries[place])
                    .cloned()
                    .collect();
                grown |= !more.is_empty();
                queries[place].extend(more);
            }
        }
        if !grown {
            return queries;
        }
    }
}

/// Of the functions of one name those that take so many arguments, or all where none does. A method
/// that extends a type is declared with one more than it is called with.
fn meant(all: &[Function], named: Option<&Vec<usize>>, arguments: usize) -> Vec<usize> {
    let named = named.map(Vec::as_slice).unwrap_or_default();
    let fits = |place: &&usize| {
        let arity = &all[**place].arity;
        arity.contains(&arguments) || arity.contains(&(arguments + 1))
    };
    let fitting: Vec<_> = named.iter().filter(fits).copied().collect();
    match fitting.is_empty() {
        true => named.to_vec(),
        false => fitting,
    }
}
