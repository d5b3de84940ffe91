//! A file that comes, over several connections where one breaks.

use std::io::{self, Read as _, Write};
use std::thread;
use std::time::Duration;

use diadoc_api::http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use diadoc_api::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use diadoc_api::{Call, Request as _, headers};
use sha2::{Digest as _, Sha256};
use ureq::Body;

use super::send::Sender;
use crate::outcome::Failure;
use crate::output::{Output, say};

/// So many connections in a row may bring nothing new.
const MOST_TRIES: u32 = 4;
/// The delay before a second one in a row; it doubles before each next one.
const DELAY: Duration = Duration::from_secs(1);
/// The longest delay that the server may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(120);
/// How much is read at once.
const PIECE: usize = 1 << 16;

/// A file that has begun to come.
pub(super) struct File {
    response: Response<Body>,
}

/// Why a file came no further.
enum Stopped {
    /// It could not be written.
    Write(io::Error),
    /// Another connection may bring more.
    Broken(Failure),
    Final(Failure),
}

impl File {
    pub(super) fn new(response: Response<Body>) -> Self {
        Self { response }
    }

    /// Writes it as it comes: it is never held whole.
    pub(super) fn write(
        self,
        call: &Call,
        sender: &Sender<'_>,
        output: &Output,
    ) -> Result<(), Failure> {
        output.keep_binary_off_terminal("the file")?;
        let name = headers::file_name(self.response.headers());
        let mut failure = None;
        let written = output.write_in_parts(|to| {
            let copied = Copy::new(call, sender, self.response.headers()).all(self.response, to);
            copied.map_err(|stopped| match stopped {
                Stopped::Write(error) => error,
                Stopped::Broken(why) | Stopped::Final(why) => {
                    failure = Some(why);
                    io::Error::other("it did not come to its end")
                }
            })
        });
        match failure {
            Some(failure) => return Err(failure),
            None => written?,
        }
        if let Some(name) = name {
            say(&format!("file name: {name}"));
        }
        Ok(())
    }
}

/// A file on its way.
struct Copy<'c> {
    call: &'c Call,
    sender: &'c Sender<'c>,
    /// What was written, how many bytes and their hash.
    bytes: u64,
    hash: Sha256,
    /// How many there are, where the server says so.
    total: Option<u64>,
    /// What the server knows this very content by, where it says so: by that it gives the rest alone. A tag,
    /// else the moment of its last change.
    mark: Option<(HeaderName, HeaderValue)>,
}

impl<'c> Copy<'c> {
    fn new(call: &'c Call, sender: &'c Sender<'c>, headers: &HeaderMap) -> Self {
        let total = headers.get(CONTENT_LENGTH);
        let total = total.and_then(|total| total.to_str().ok()?.parse().ok());
        let mark = |name: HeaderName| Some((name.clone(), headers.get(name)?.clone()));
        // A weak tag stands for contents that are alike.
        let is_strong = |(_, tag): &(_, HeaderValue)| !tag.as_bytes().starts_with(b"W/");
        let mark = match mark(ETAG) {
            Some(tag) => Some(tag).filter(is_strong),
            None => mark(LAST_MODIFIED),
        };
        Self {
            call,
            sender,
            bytes: 0,
            hash: Sha256::new(),
            total,
            mark: mark.filter(|_| call.method().verb == Method::GET),
        }
    }

    /// Writes all of it; where a connection breaks, what is missing comes over another.
    fn all(mut self, first: Response<Body>, to: &mut dyn Write) -> Result<(), Stopped> {
        let mut next = Ok(first);
        let mut tries = 0;
        loop {
            let before = self.bytes;
            let why = match next.and_then(|response| self.take(response, to)) {
                Err(Stopped::Broken(why)) if self.call.is_repeatable() => why,
                done => return done,
            };
            tries = if self.bytes > before { 1 } else { tries + 1 };
            if tries > MOST_TRIES {
                return Err(Stopped::Broken(why));
            }
            if let Some(doublings) = tries.checked_sub(2) {
                thread::sleep(DELAY * 2_u32.saturating_pow(doublings));
            }
            next = self.again();
        }
    }

    /// Asks for what is missing.
    fn again(&self) -> Result<Response<Body>, Stopped> {
        let mut wanted = HeaderMap::new();
        if let (Some((_, mark)), 1..) = (&self.mark, self.bytes)
            && let Ok(range) = HeaderValue::try_from(format!("bytes={}-", self.bytes))
        {
            wanted.insert(RANGE, range);
            wanted.insert(IF_RANGE, mark.clone());
        }
        let opened = self.sender.open(self.call, &wanted, None);
        let (response, config) = opened.map_err(Stopped::Broken)?;
        let (status, headers) = (response.status(), response.headers());
        if self.call.brings_result(status, headers) || self.is_rest(status, headers) {
            return Ok(response);
        }
        match self.sender.read(self.call, response, &config) {
            Ok(Err(error)) => {
                let asked = error.retry_after().unwrap_or_default();
                let passes = error.may_pass() && asked <= LONGEST_ASKED;
                let why = Failure::finding(format!("{error}\n{}", self.how_far()));
                if !passes {
                    return Err(Stopped::Final(why));
                }
                thread::sleep(asked);
                Err(Stopped::Broken(why))
            }
            Ok(Ok(_)) => Err(self.other()),
            Err(failure) => Err(Stopped::Broken(failure)),
        }
    }

    /// Whether an answer is the rest of the file, from where it broke.
    fn is_rest(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let range = headers.get(CONTENT_RANGE);
        let range = range.and_then(|range| range.to_str().ok()?.strip_prefix("bytes "));
        let first = range.and_then(|range| range.split_once('-')?.0.parse().ok());
        let total = range.and_then(|range| range.rsplit_once('/')?.1.parse().ok());
        let is_same = |(name, mark): &(HeaderName, HeaderValue)| {
            let found = headers.get(name);
            found.is_none_or(|found| found == mark)
        };
        status == StatusCode::PARTIAL_CONTENT
            && first == Some(self.bytes)
            && (total.is_none() || self.total.is_none() || total == self.total)
            && self.mark.as_ref().is_some_and(is_same)
    }

    /// Writes what an answer brings that is new. One from the start has to begin as the first did.
    fn take(&mut self, response: Response<Body>, to: &mut dyn Write) -> Result<(), Stopped> {
        let mut known = match response.status() {
            StatusCode::PARTIAL_CONTENT => 0,
            _ => self.bytes,
        };
        let mut beginning = Sha256::new();
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; PIECE];
        loop {
            let read = match body.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(&error.into())),
            };
            let piece = buffer.get(..read).unwrap_or_default();
            let here = usize::try_from(known).unwrap_or(usize::MAX).min(read);
            let (old, new) = piece.split_at(here);
            beginning.update(old);
            known -= old.len() as u64;
            let is_over = read == 0;
            if is_over && known > 0
                || known == 0
                    && !old.is_empty()
                    && beginning.clone().finalize() != self.hash.clone().finalize()
            {
                return Err(self.other());
            }
            if is_over {
                break;
            }
            to.write_all(new).map_err(Stopped::Write)?;
            self.hash.update(new);
            self.bytes += new.len() as u64;
        }
        match self.total {
            Some(total) if self.bytes < total => {
                Err(self.broken(&io::Error::from(io::ErrorKind::UnexpectedEof).into()))
            }
            _ => Ok(()),
        }
    }

    fn broken(&self, error: &ureq::Error) -> Stopped {
        Stopped::Broken(self.sender.no_answer(self.call, error))
    }

    fn other(&self) -> Stopped {
        Stopped::Final(Failure::new(format!(
            "{}: the file has become another one while it came\n{}",
            self.call.method().name,
            self.how_far()
        )))
    }

    fn how_far(&self) -> String {
        format!("{} bytes had come. Call again.", self.bytes)
    }
}
