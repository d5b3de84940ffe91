//! Files for the document shelf, part by part.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

use crate::shelf::{ShelfUploadPart, ShelfUploadPartInit, ShelfUploadV2};
use crate::{Answer, ApiError, Method, Parts, Request};

/// How often parts that the server says are missing are sent again before it is given up.
const MOST_ROUNDS: u32 = 3;

/// Uploads a file of any size to the shelf of the calling user: read the bytes of the [`range`](Upload::range),
/// send the [`request`](Upload::request) with them, hand in its answer.
///
/// A file that fits into one part goes in one piece; what the server says is missing goes once more. The clock,
/// the file and the network are the caller's: [`Client::upload`](crate::client::Client::upload) drives it.
///
/// ```
/// use diadoc_api::Upload;
///
/// # fn send(request: &diadoc_api::UploadRequest) -> String {
/// #     match diadoc_api::Request::method(request).name { "ShelfUploadPart" => "[]".into(), _ => "n.pdf".into() }
/// # }
/// let content = vec![b'%'; 7 << 20];
/// let mut upload = Upload::new(content.len() as u64)?.extension(".pdf");
/// while let Some(range) = upload.range() {
///     let part = &content[range.start as usize..range.end as usize];
///     let answer = send(&upload.request(part.to_vec())?);
///     upload.accept(&answer)?;
/// }
/// assert_eq!(upload.name(), Some("n.pdf"));
/// # Ok::<(), diadoc_api::UploadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    size: u64,
    part_size: u64,
    extension: Option<String>,
    /// What the server calls the file, once it has the first part.
    name: Option<String>,
    /// The numbers of the parts that are to be sent, the next one first.
    due: VecDeque<i32>,
    rounds: u32,
}

/// A part of a file on its way to the shelf.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a request does nothing until it is sent"]
pub struct UploadRequest(Part);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Whole(ShelfUploadV2),
    First(ShelfUploadPartInit),
    Further(ShelfUploadPart),
}

/// Why a file did not get to the shelf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The shelf takes no file without bytes.
    #[error("a file without bytes cannot be put on the shelf")]
    Empty,
    /// The shelf takes no file of this size.
    #[error(
        "a file of {size} bytes is too large for the shelf, which takes {} at most",
        Upload::MOST
    )]
    TooLarge {
        /// The bytes of the file.
        size: u64,
    },
    /// The bytes are not those of the range that is due.
    #[error("{found} bytes are no part of the file where {expected} are due")]
    Content {
        /// How many bytes the range has.
        expected: u64,
        /// How many were given.
        found: usize,
    },
    /// All has been sent, or nothing was sent yet to which this is the answer.
    #[error("there is nothing to send")]
    Done,
    /// The answer is neither a name nor a list of missing parts.
    #[error("{method}: the answer {what}")]
    Answer {
        /// The method.
        method: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The server still lacks parts that were sent again.
    #[error(
        "the shelf has not got the parts {missing:?} of `{name}`, however often they were sent"
    )]
    Incomplete {
        /// What the server calls the file.
        name: String,
        /// The numbers of the parts.
        missing: Vec<i32>,
    },
}

impl Upload {
    /// The most bytes that a part may have: 3 MiB.
    pub const PART: u64 = 3 << 20;

    /// The most bytes that a file may have: 400 MiB.
    pub const MOST: u64 = 400 << 20;

    /// Uploads a file of so many bytes.
    ///
    /// # Errors
    ///
    /// [`UploadError`]: it has none, or more than [`MOST`](Self::MOST).
    pub fn new(size: u64) -> Result<Self, UploadError> {
        if size == 0 {
            return Err(UploadError::Empty);
        }
        if size > Self::MOST {
            return Err(UploadError::TooLarge { size });
        }
        let upload = Self {
            size,
            part_size: Self::PART,
            extension: None,
            name: None,
            due: VecDeque::new(),
            rounds: 0,
        };
        Ok(upload.with_all_due())
    }

    /// How many bytes a part has: as many as the server takes, [`PART`](Self::PART), unless this is less. The
    /// vendor's OpenAPI document of May 2026 says that it takes 512 KB.
    ///
    /// It is to be set before anything is sent.
    #[must_use]
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes.clamp(1, Self::PART);
        self.with_all_due()
    }

    /// The extension of the file with its dot: `.pdf`. Its name on the shelf ends in it.
    #[must_use]
    pub fn extension(mut self, extension: impl Into<String>) -> Self {
        self.extension = Some(extension.into()).filter(|extension| !extension.is_empty());
        self
    }

    /// Goes on with a file that the server calls so, and of which so many parts from the first on have been
    /// taken: what [`name`](Self::name) and [`taken`](Self::taken) were before.
    #[must_use]
    pub fn resumed(mut self, name: impl Into<String>, taken: usize) -> Self {
        self.name = Some(name.into());
        // The last one goes again in any case: its answer tells whether all are there.
        let again = self.due.len().saturating_sub(1).min(taken);
        self.due.drain(..again);
        self
    }

    fn with_all_due(mut self) -> Self {
        self.due = (0..self.count()).collect();
        self
    }

    /// How many parts the file has.
    fn count(&self) -> i32 {
        let parts = self.size.div_ceil(self.part_size);
        // At most 400 Mi of a byte each.
        i32::try_from(parts).unwrap_or(i32::MAX)
    }

    /// The bytes that are to be sent next; none where the shelf has all.
    pub fn range(&self) -> Option<Range<u64>> {
        let start = u64::try_from(*self.due.front()?).ok()? * self.part_size;
        Some(start..self.size.min(start + self.part_size))
    }

    /// What the server calls the file, once it has the first part. It is complete once there is no
    /// [`range`](Self::range) left.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How many parts from the first on the server has taken.
    pub fn taken(&self) -> usize {
        let all = usize::try_from(self.count()).unwrap_or_default();
        all - self.due.len().min(all)
    }

    /// How many bytes are still to be sent.
    pub fn left(&self) -> u64 {
        let parts = self.due.len() as u64;
        // The last part is due wherever one is, and is the only one that may be shorter.
        let short = u64::try_from(self.count()).unwrap_or_default() * self.part_size - self.size;
        (parts * self.part_size).saturating_sub(if parts > 0 { short } else { 0 })
    }

    /// The request that sends the bytes of the [`range`](Self::range).
    ///
    /// # Errors
    ///
    /// [`UploadError`]: nothing is due, or other bytes are.
    pub fn request(&self, content: impl Into<Bytes>) -> Result<UploadRequest, UploadError> {
        let (content, range) = (content.into(), self.range().ok_or(UploadError::Done)?);
        let expected = range.end - range.start;
        if content.len() as u64 != expected {
            let found = content.len();
            return Err(UploadError::Content { expected, found });
        }
        let index = self.due.front().copied().unwrap_or_default();
        let is_last = index + 1 == self.count();
        let part = match &self.name {
            None if is_last => {
                let mut whole = ShelfUploadV2::new(content);
                whole.file_extension.clone_from(&self.extension);
                Part::Whole(whole)
            }
            None => {
                let mut first = ShelfUploadPartInit::new(content);
                first.file_extension.clone_from(&self.extension);
                Part::First(first)
            }
            Some(name) => {
                let further = ShelfUploadPart::new(name, index, content);
                Part::Further(match is_last {
                    true => further.is_last_part(true),
                    false => further,
                })
            }
        };
        Ok(UploadRequest(part))
    }

    /// Takes the answer to the [`request`](Self::request).
    ///
    /// # Errors
    ///
    /// [`UploadError`]: the answer cannot be read, or parts are still missing that were sent again.
    pub fn accept(&mut self, answer: &str) -> Result<(), UploadError> {
        let index = *self.due.front().ok_or(UploadError::Done)?;
        let last = self.count() - 1;
        let Some(name) = &self.name else {
            let name = answer.trim();
            if name.is_empty() {
                let method = if last == 0 {
                    "ShelfUploadV2"
                } else {
                    "ShelfUploadPartInit"
                };
                let what = "has no name";
                return Err(UploadError::Answer { method, what });
            }
            self.name = Some(name.to_owned());
            self.due.pop_front();
            return Ok(());
        };
        // Of a part with others behind it the server may already say that these are missing.
        if index == last {
            let missing = missing(answer, last)?;
            if !missing.is_empty() {
                self.rounds += 1;
                if self.rounds > MOST_ROUNDS {
                    let name = name.clone();
                    return Err(UploadError::Incomplete { name, missing });
                }
                // And the last one again, whose answer tells.
                self.due = missing.into_iter().filter(|part| *part != last).collect();
                self.due.push_back(last);
                return Ok(());
            }
        }
        self.due.pop_front();
        Ok(())
    }
}

/// The numbers of the parts that an answer says are missing.
fn missing(answer: &str, last: i32) -> Result<Vec<i32>, UploadError> {
    let method = "ShelfUploadPart";
    let wrong = |what| UploadError::Answer { method, what };
    let answer = answer.trim();
    if answer.is_empty() {
        return Ok(Vec::new());
    }
    let inside = answer
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let inside = inside
        .ok_or_else(|| wrong("is no list of missing parts"))?
        .trim();
    if inside.is_empty() {
        return Ok(Vec::new());
    }
    let parts = inside.split(',').map(|part| part.trim().parse::<i32>());
    let parts: Result<Vec<_>, _> = parts.collect();
    let mut parts = parts.map_err(|_| wrong("is no list of missing parts"))?;
    if parts.iter().any(|part| !(0..=last).contains(part)) {
        return Err(wrong("names a part that the file does not have"));
    }
    parts.sort_unstable();
    parts.dedup();
    Ok(parts)
}

/// The name of the file on the shelf, or a list of parts that are missing.
impl Request for UploadRequest {
    type Response = String;

    fn method(&self) -> &'static Method {
        match &self.0 {
            Part::Whole(request) => request.method(),
            Part::First(request) => request.method(),
            Part::Further(request) => request.method(),
        }
    }

    fn parts(&self) -> Parts<'_> {
        match &self.0 {
            Part::Whole(request) => request.parts(),
            Part::First(request) => request.parts(),
            Part::Further(request) => request.parts(),
        }
    }

    fn read(&self, answer: Answer) -> Result<String, ApiError> {
        match &self.0 {
            Part::Whole(request) => request.read(answer),
            Part::First(request) => request.read(answer),
            Part::Further(request) => request.read(answer),
        }
    }

    /// A part that comes twice is the same part; a file of which nobody has got the name is deleted after
    /// seven days, as every other on the shelf.
    fn is_repeatable(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: u64 = Upload::PART;

    /// The parameters of what is sent for an upload, with what the server answers to each.
    fn sent(mut upload: Upload, answers: &[&str]) -> (Vec<String>, Result<Upload, UploadError>) {
        let (mut sent, mut answers) = (Vec::new(), answers.iter());
        while let Some(range) = upload.range() {
            let content = vec![0; usize::try_from(range.end - range.start).unwrap()];
            let request = upload.request(content).unwrap();
            assert!(request.is_repeatable());
            let text = match &request.0 {
                Part::Whole(whole) => format!("whole {:?}", whole.file_extension),
                Part::First(first) => format!("first {:?}", first.file_extension),
                Part::Further(part) => {
                    let last = if part.is_last_part == Some(true) {
                        " last"
                    } else {
                        ""
                    };
                    format!("{} {}{last}", part.file_name, part.part_index)
                }
            };
            sent.push(text);
            let answer = answers.next().expect("an answer to each");
            if let Err(error) = upload.accept(answer) {
                return (sent, Err(error));
            }
        }
        (sent, Ok(upload))
    }

    #[test]
    fn small_files_go_in_one_piece() {
        for size in [1, PART] {
            let upload = Upload::new(size).unwrap().extension(".pdf");
            assert_eq!(upload.left(), size);
            let (sent, upload) = sent(upload, &["n.pdf"]);
            assert_eq!(sent, ["whole Some(\".pdf\")"]);
            let upload = upload.unwrap();
            assert_eq!((upload.name(), upload.left()), (Some("n.pdf"), 0));
        }
    }

    #[test]
    fn large_files_go_in_parts() {
        let upload = Upload::new(2 * PART + 1).unwrap();
        assert_eq!(upload.left(), 2 * PART + 1);
        let (sent, upload) = sent(upload, &[" n \n", "", "[]"]);
        assert_eq!(sent, ["first None", "n 1", "n 2 last"]);
        assert_eq!(upload.unwrap().taken(), 3);
    }

    #[test]
    fn missing_parts_go_again() {
        let upload = || Upload::new(40).unwrap().part_size(10);
        let (parts, done) = sent(upload(), &["n", "[]", "[1, 2]", "[2,0]", "", "[]", "[]"]);
        let expected = [
            "first None",
            "n 1",
            "n 2",
            "n 3 last",
            "n 0",
            "n 2",
            "n 3 last",
        ];
        assert_eq!(parts, expected);
        assert_eq!(done.unwrap().taken(), 4);
        let (parts, error) = sent(upload(), &["n", "", "", "[3]", "[3]", "[3]", "[3]"]);
        assert_eq!(parts.len(), 7);
        assert_eq!(
            error.unwrap_err().to_string(),
            "the shelf has not got the parts [3] of `n`, however often they were sent"
        );
    }

    #[test]
    fn an_upload_goes_on_where_it_ended() {
        let upload = Upload::new(35).unwrap().part_size(10);
        for (taken, left, parts) in [
            (0, 35, &["n 0", "n 1", "n 2", "n 3 last"][..]),
            (2, 15, &["n 2", "n 3 last"]),
            (4, 5, &["n 3 last"]),
            (9, 5, &["n 3 last"]),
        ] {
            let resumed = upload.clone().resumed("n", taken);
            assert_eq!(resumed.left(), left);
            let (sent, done) = sent(resumed, &["[]"; 4]);
            assert_eq!(sent, parts);
            assert!(done.is_ok());
        }
    }

    #[test]
    fn what_is_wrong_is_an_error() {
        assert_eq!(Upload::new(0), Err(UploadError::Empty));
        let error = Upload::new(Upload::MOST + 1).unwrap_err();
        assert!(matches!(error, UploadError::TooLarge { .. }), "{error}");
        let mut upload = Upload::new(15).unwrap().part_size(10);
        let error = upload.request(vec![0; 15]).unwrap_err();
        assert_eq!(
            error,
            UploadError::Content {
                expected: 10,
                found: 15
            }
        );
        assert!(upload.accept(" ").is_err());
        upload.accept("n").unwrap();
        for answer in ["[", "[a]", "[1,]", "n", "[-1]", "[2]", "[99999999999]"] {
            assert!(upload.clone().accept(answer).is_err(), "{answer}");
        }
        upload.accept("[]").unwrap();
        assert_eq!(upload.accept("[]"), Err(UploadError::Done));
        assert_eq!(upload.request(Vec::new()), Err(UploadError::Done));
    }

    #[test]
    fn a_part_of_no_bytes_is_none() {
        let upload = Upload::new(3).unwrap().part_size(0);
        assert_eq!(upload.range(), Some(0..1));
        assert_eq!(
            Upload::new(Upload::MOST)
                .unwrap()
                .part_size(u64::MAX)
                .range(),
            Some(0..PART)
        );
    }
}
