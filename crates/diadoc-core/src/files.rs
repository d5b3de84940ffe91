//! Files that somebody named: a device or a file that grows without end is no reason to run out of memory.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The bytes of a file of settings, of rules, of a schema or the like, at most: 64 MiB.
pub const MOST_OF_TEXT: usize = 64 << 20;

/// Reads a file of at most so many bytes.
///
/// # Errors
///
/// The file cannot be read, or is longer ([`io::ErrorKind::FileTooLarge`]).
pub fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than there may be tells that there are too many.
    let beyond = (most as u64).saturating_add(1);
    File::open(path)?.take(beyond).read_to_end(&mut bytes)?;
    match bytes.len() > most {
        true => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {most} bytes"),
        )),
        false => Ok(bytes),
    }
}

/// Reads a file of text of at most [`MOST_OF_TEXT`].
///
/// # Errors
///
/// As [`read`], and the file is not UTF-8 ([`io::ErrorKind::InvalidData`]).
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path, MOST_OF_TEXT)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_a_length() {
        let this = Path::new(file!());
        let this = this.strip_prefix("crates/diadoc-core").unwrap_or(this);
        let length = text(this).unwrap().len();
        assert_eq!(read(this, length).unwrap().len(), length);
        let error = read(this, length - 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(
            error.to_string(),
            format!("it has more than {} bytes", length - 1)
        );
        assert_eq!(
            text(Path::new("src")).unwrap_err().kind(),
            io::ErrorKind::IsADirectory
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_no_end_is_refused() {
        let error = text(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
