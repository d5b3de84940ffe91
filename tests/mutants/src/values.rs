//! What a function's body can be replaced with.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

const SIGNED: [&str; 6] = ["i8", "i16", "i32", "i64", "i128", "isize"];
const UNSIGNED: [&str; 6] = ["u8", "u16", "u32", "u64", "u128", "usize"];

/// More values of a tuple than that tell nothing new.
const MOST_OF_A_TUPLE: usize = 4;

/// Values of the type that a function returns, as code: `""` for nothing. Of a type that is not known
/// here `Default::default()`; whether it has that, says the compiler.
pub(crate) fn of_return(output: &ReturnType) -> Vec<String> {
    match output {
        ReturnType::Default => vec![String::new()],
        ReturnType::Type(_, of) => values(of),
    }
}

fn values(of: &Type) -> Vec<String> {
    match of {
        Type::Group(inner) => values(&inner.elem),
        Type::Paren(inner) => values(&inner.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) => named(&last.ident.to_string(), &last.arguments),
            None => Vec::new(),
        },
        Type::Reference(reference) => match &*reference.elem {
            _ if reference.mutability.is_some() => Vec::new(),
            Type::Path(path) if path.path.is_ident("str") => texts(["\"\"", "\"xyzzy\""]),
            Type::Slice(_) => texts(["&[]"]),
            other => around("Box::leak(Box::new(", values(other), "))"),
        },
        Type::Slice(_) | Type::Array(_) => texts(["Default::default()"]),
        Type::Tuple(tuple) => {
            let mut all = vec![String::new()];
            for elem in &tuple.elems {
                let of_this = values(elem);
                all = all
                    .iter()
                    .flat_map(|before| of_this.iter().map(move |one| format!("{before}{one}, ")))
                    .take(MOST_OF_A_TUPLE)
                    .collect();
            }
            around("(", all, ")")
        }
        _ => Vec::new(),
    }
}

fn named(name: &str, arguments: &PathArguments) -> Vec<String> {
    match name {
        "bool" => texts(["true", "false"]),
        "str" => Vec::new(),
        "String" => texts(["String::new()", "\"xyzzy\".into()"]),
        "Cow" => match inner(arguments) {
            Some(Type::Path(path)) if path.path.is_ident("str") => {
                texts(["\"\".into()", "\"xyzzy\".into()"])
            }
            _ => texts(["Default::default()"]),
        },
        "Option" => {
            let some = inner(arguments).map(values).unwrap_or_default();
            [texts(["None"]), around("Some(", some, ")")].concat()
        }
        "Result" => match inner(arguments) {
            Some(of) => around("Ok(", values(of), ")"),
            None => texts(["Ok(())"]),
        },
        "Vec" => {
            let one = inner(arguments).map(values).unwrap_or_default();
            [texts(["vec![]"]), around("vec![", one, "]")].concat()
        }
        "Box" => {
            let of = inner(arguments).map(values).unwrap_or_default();
            around("Box::new(", of, ")")
        }
        "f32" | "f64" => texts(["0.0", "1.0"]),
        _ if UNSIGNED.contains(&name) => texts(["0", "1"]),
        _ if SIGNED.contains(&name) => texts(["0", "1", "-1"]),
        _ => texts(["Default::default()"]),
    }
}

/// The first type among the arguments of a type.
fn inner(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(of) => Some(of),
        _ => None,
    })
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

fn around(before: &str, values: Vec<String>, after: &str) -> Vec<String> {
    let whole = |value| format!("{before}{value}{after}");
    values.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_type_has_its_values() {
        let table = [
            ("", "[\"\"]"),
            ("-> ()", "[\"()\"]"),
            ("-> bool", "[\"true\", \"false\"]"),
            ("-> usize", "[\"0\", \"1\"]"),
            ("-> i64", "[\"0\", \"1\", \"-1\"]"),
            ("-> &'static str", r#"["\"\"", "\"xyzzy\""]"#),
            ("-> &[u8]", "[\"&[]\"]"),
            ("-> &mut u8", "[]"),
            ("-> Option<u8>", "[\"None\", \"Some(0)\", \"Some(1)\"]"),
            ("-> io::Result<()>", "[\"Ok(())\"]"),
            ("-> fmt::Result", "[\"Ok(())\"]"),
            (
                "-> Result<Vec<u8>, E>",
                "[\"Ok(vec![])\", \"Ok(vec![0])\", \"Ok(vec![1])\"]",
            ),
            (
                "-> (bool, X)",
                "[\"(true, Default::default(), )\", \"(false, Default::default(), )\"]",
            ),
            ("-> impl Iterator<Item = u8>", "[]"),
            ("-> !", "[]"),
        ];
        for (output, expected) in table {
            let parsed = syn::parse_str(output).expect("a type");
            assert_eq!(format!("{:?}", of_return(&parsed)), expected, "{output}");
        }
    }
}
