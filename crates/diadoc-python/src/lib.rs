//! What `diadoc/__init__.py` is made of: [`diadoc_cli::functions`] with Python's values.

use std::borrow::Cow;
use std::ffi::OsString;

use diadoc_cli::functions::{self, Check, Convert, Read, Value, Write};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyList, PyString};

create_exception!(
    diadoc,
    Error,
    PyValueError,
    "Why something cannot be read, written or found. `path`, `line` and `column` say where in the body that \
     is, and are None where it is nowhere in it."
);

#[pymodule]
mod _diadoc {
    #[pymodule_export]
    use super::{
        Error, check, check_all, convert, describe, detect, example, main, merge, messages, read,
        search, write,
    };
}

/// The module's error of a function's.
fn raise(py: Python<'_>, error: &functions::Error) -> PyErr {
    let raised = Error::new_err(error.to_string());
    let value = raised.value(py);
    // An exception takes any attribute.
    let _ = value.setattr("path", error.path());
    let _ = value.setattr("line", error.line());
    let _ = value.setattr("column", error.column());
    raised
}

/// Does what takes long, while other threads of Python go on.
fn apart<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, functions::Error> + Send,
) -> PyResult<T> {
    py.detach(work).map_err(|error| raise(py, &error))
}

/// [`Check`], as a dict.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Asked {
    name: String,
    message: Option<String>,
    direction: Option<String>,
    form: Option<String>,
    at: Option<String>,
    strict: bool,
    deny: Vec<String>,
    warn: Vec<String>,
    allow: Vec<String>,
    lang: String,
}

impl Asked {
    fn check(&self) -> Check<'_> {
        Check {
            name: Some(&self.name),
            message: self.message.as_deref(),
            direction: self.direction.as_deref(),
            form: self.form.as_deref(),
            at: self.at.as_deref(),
            strict: self.strict,
            deny: &self.deny,
            warn: &self.warn,
            allow: &self.allow,
            lang: Some(&self.lang),
        }
    }
}

/// A document in JSON, or a text for people.
#[pyfunction]
fn check(py: Python<'_>, body: Cow<'_, [u8]>, asked: Asked, as_text: bool) -> PyResult<String> {
    let asked = asked.check();
    apart(py, || match as_text {
        true => functions::report(&body, &asked),
        false => functions::check(&body, &asked),
    })
}

/// One document in JSON, of bodies with their names.
#[pyfunction]
fn check_all(
    py: Python<'_>,
    bodies: Vec<(String, PyBackedBytes)>,
    asked: Asked,
) -> PyResult<String> {
    let bodies = bodies.iter().map(|(name, body)| (&**name, &**body));
    apart(py, || functions::check_all(bodies, &asked.check()))
}

#[pyfunction]
fn merge(py: Python<'_>, reports: Vec<String>) -> PyResult<String> {
    apart(py, || functions::merge(reports.iter().map(String::as_str)))
}

#[pyfunction]
fn read<'py>(
    py: Python<'py>,
    body: Cow<'_, [u8]>,
    message: &str,
    form: Option<&str>,
    at: Option<&str>,
    keep_unknown: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let asked = Read {
        form,
        at,
        keep_unknown,
    };
    let value = apart(py, || functions::read(&body, message, &asked))?;
    to_python(py, value)
}

#[pyfunction]
fn write<'py>(
    py: Python<'py>,
    value: Cow<'_, [u8]>,
    message: &str,
    to: &str,
    pretty: bool,
    keep_unknown: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let asked = Write {
        to: Some(to),
        pretty,
        keep_unknown,
    };
    let body = apart(py, || functions::write(&value, message, &asked))?;
    Ok(PyBytes::new(py, &body))
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the options of `diadoc convert`")]
fn convert<'py>(
    py: Python<'py>,
    body: Cow<'_, [u8]>,
    message: &str,
    to: &str,
    form: Option<&str>,
    at: Option<&str>,
    pretty: bool,
    keep_unknown: bool,
) -> PyResult<(Bound<'py, PyBytes>, Vec<String>)> {
    let asked = Convert {
        form,
        at,
        pretty,
        keep_unknown,
    };
    let converted = apart(py, || functions::convert(&body, message, to, &asked))?;
    Ok((PyBytes::new(py, &converted.body), converted.notes))
}

#[pyfunction]
fn detect(
    py: Python<'_>,
    body: Cow<'_, [u8]>,
    form: Option<&str>,
    at: Option<&str>,
) -> PyResult<String> {
    apart(py, || functions::detect(&body, form, at))
}

#[pyfunction]
fn describe(py: Python<'_>, name: &str, lang: &str) -> PyResult<String> {
    apart(py, || functions::describe(name, Some(lang), false))
}

#[pyfunction]
fn search(py: Python<'_>, words: &str) -> PyResult<String> {
    apart(py, || functions::search(words))
}

#[pyfunction]
fn example<'py>(
    py: Python<'py>,
    message: &str,
    full: bool,
    seed: Option<u64>,
) -> PyResult<Bound<'py, PyAny>> {
    let value = apart(py, || functions::example(message, full, seed))?;
    to_python(py, value)
}

#[pyfunction]
fn messages() -> Vec<&'static str> {
    functions::messages()
}

/// The program: its exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| diadoc_cli::main(arguments))
}

/// Python's value of a message's.
fn to_python(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, value).to_owned().into_any(),
        Value::Int(number) => number.into_pyobject(py)?.into_any(),
        Value::Long(number) => number.into_pyobject(py)?.into_any(),
        Value::Double(number) => PyFloat::new(py, number).into_any(),
        Value::Text(text) => PyString::new(py, &text).into_any(),
        Value::Bytes(bytes) => PyBytes::new(py, &bytes).into_any(),
        Value::List(elements) => {
            let list = PyList::empty(py);
            for element in elements {
                list.append(to_python(py, element)?)?;
            }
            list.into_any()
        }
        Value::Message(fields) => {
            let message = PyDict::new(py);
            for (key, value) in fields {
                message.set_item(key, to_python(py, value)?)?;
            }
            message.into_any()
        }
    })
}
