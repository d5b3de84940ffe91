//! What an error says, and what is behind it.

use std::error::Error;
use std::fmt;

/// Writes an error with all that caused it, the root cause last: «error sending request: client error
/// (Connect): tcp connect error: Connection refused».
///
/// Errors of other crates differ in whether their own text has that of their cause; one that ends a
/// text already is not written again.
pub(crate) fn to_root<'e>(error: &'e (dyn Error + 'static)) -> impl fmt::Display + 'e {
    ToRoot(error)
}

struct ToRoot<'e>(&'e (dyn Error + 'static));

impl fmt::Display for ToRoot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        f.write_str(&last)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let text = error.to_string();
            if !last.ends_with(&text) {
                write!(f, ": {text}")?;
                last = text;
            }
            next = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Sample {
        #[error("the root")]
        Root,
        #[error("short")]
        Short(#[source] Box<Sample>),
        #[error("long: {0}")]
        Long(#[source] Box<Sample>),
    }

    #[test]
    fn each_cause_is_said_once() {
        let short = |error| Sample::Short(Box::new(error));
        let long = |error| Sample::Long(Box::new(error));
        for (error, text) in [
            (Sample::Root, "the root"),
            (short(Sample::Root), "short: the root"),
            (long(Sample::Root), "long: the root"),
            (long(long(Sample::Root)), "long: long: the root"),
            (short(long(Sample::Root)), "short: long: the root"),
            (long(short(Sample::Root)), "long: short: the root"),
        ] {
            assert_eq!(to_root(&error).to_string(), text);
        }
    }
}
