//! Bodies that stand one a line.

use std::io::{self, BufRead, BufReader, Read};

use diadoc_core::dialect;
use memchr::memchr;

/// No body is that long; what is, is no file of one body a line.
const LONGEST_LINE: usize = 64 << 20;

/// A line and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub number: usize,
    /// Its first byte, from 0.
    pub offset: usize,
    /// The line without its end; none where it is longer than [`LONGEST_LINE`].
    pub bytes: Option<Vec<u8>>,
}

/// The lines of a reader that are not blank, one at a time.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: usize,
    offset: usize,
    longest: usize,
}

impl<R: Read> Lines<BufReader<R>> {
    /// Whether another line has been read from the input already, to its end.
    pub(super) fn has_another(&self) -> bool {
        memchr(b'\n', self.reader.buffer()).is_some()
    }
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            offset: 0,
            longest: LONGEST_LINE,
        }
    }

    /// Reads the next line that is not blank; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let is_ended = self.read_line(&mut bytes)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let offset = self.offset;
            self.number += 1;
            self.offset += bytes.len();
            if bytes.len() > self.longest && !is_ended {
                drop(bytes);
                self.offset += skip_line(&mut self.reader)?;
                return Ok(Some(self.line(offset, None)));
            }
            while bytes
                .last()
                .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
            {
                bytes.pop();
            }
            if !dialect::trim(&bytes).is_empty() {
                return Ok(Some(self.line(offset, Some(bytes))));
            }
        }
    }

    /// Reads up to the end of the line, or one byte more than the longest has; whether it ends.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let room = self.longest + 1 - bytes.len();
            let buffer = buffer.get(..room).unwrap_or(buffer);
            let end = memchr(b'\n', buffer);
            let length = end.map_or(buffer.len(), |end| end + 1);
            bytes.extend_from_slice(&buffer[..length]);
            self.reader.consume(length);
            if end.is_some() || length == 0 {
                return Ok(end.is_some());
            }
        }
    }

    fn line(&self, offset: usize, bytes: Option<Vec<u8>>) -> Line {
        Line {
            number: self.number,
            offset,
            bytes,
        }
    }
}

/// Reads to the end of the line and keeps none of it; how many bytes that are.
fn skip_line(reader: &mut impl BufRead) -> io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let (length, ended) = match memchr(b'\n', buffer) {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(length);
        skipped += length;
        if ended {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Lines};

    #[test]
    fn blank_lines_are_counted_and_long_ones_are_not_kept() {
        let mut lines = Lines::new(&b"{}\n\n  \r\n[1]\r\n123456789\nlast"[..]);
        lines.longest = 4;
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(line);
        }
        let line = |number, offset, bytes: Option<&[u8]>| Line {
            number,
            offset,
            bytes: bytes.map(<[u8]>::to_vec),
        };
        assert_eq!(
            all,
            [
                line(1, 0, Some(b"{}")),
                line(4, 8, Some(b"[1]")),
                line(5, 13, None),
                line(6, 23, Some(b"last")),
            ]
        );
    }
}
