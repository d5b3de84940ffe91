//! Values that the schema does not know (R1): read past, checked to be JSON, made into nothing.

use super::fault::{Fault, Result};
use super::read::Reader;

impl Reader<'_> {
    /// Reads a value that nobody wants. It keeps a list of open brackets instead of descending, so
    /// that depth costs no stack.
    pub(super) fn skip_value(&mut self) -> Result<()> {
        // The brackets that are to come.
        let mut open = Vec::new();
        loop {
            match self.space() {
                Some(b'"') => self.skip_string()?,
                Some(b'-' | b'0'..=b'9') => self.skip_number()?,
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                Some(b'{' | b'[') if open.len() == self.levels => return Err(self.too_deep()),
                Some(bracket @ (b'{' | b'[')) => {
                    let close = if bracket == b'{' { b'}' } else { b']' };
                    if self.first(close)? {
                        open.push(close);
                        self.skip_key(close)?;
                        continue;
                    }
                }
                _ => return Err(Fault::syntax(self.at, "a value")),
            }
            // A value has ended, and maybe what is around it.
            loop {
                let Some(close) = open.last().copied() else {
                    return Ok(());
                };
                if self.next(close)? {
                    self.skip_key(close)?;
                    break;
                }
                open.pop();
            }
        }
    }

    /// Reads a key and its colon, where the bracket to come is that of an object.
    fn skip_key(&mut self, close: u8) -> Result<()> {
        if close == b'}' {
            self.skip_string()?;
            self.colon()?;
        }
        Ok(())
    }
}
