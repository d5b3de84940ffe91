//! Lists that come in pages.

use std::collections::HashSet;

use crate::Request;

/// A request whose answer is a page of a list.
pub trait Paged: Request + Clone {
    /// What the list holds.
    type Item;

    /// How many items a page holds.
    fn count(page: &Self::Response) -> usize;

    /// The items of a page.
    fn items(page: Self::Response) -> Vec<Self::Item>;

    /// The place in the list that the request asks for, as bytes: a key, or a number. Two pages of a
    /// list have different ones.
    fn place(&self) -> Vec<u8>;

    /// The request of the page after `page`, which answered `self`; none where it was the last.
    /// `seen` is how many items came so far, those of `page` included.
    ///
    /// # Errors
    ///
    /// The page gives no place to go on from.
    fn next(&self, page: &Self::Response, seen: usize) -> Result<Option<Self>, PagingError>;
}

/// Why a list could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PagingError {
    /// The last item of a page has no key to go on from.
    #[error("{method}: the last item of the page has no key to go on from")]
    NoKey {
        /// The method.
        method: &'static str,
    },
    /// The newest items come first, so that there is nothing to follow.
    #[error(
        "{method}: the newest items come first, so that what is new does not stand behind them"
    )]
    Backwards {
        /// The method.
        method: &'static str,
    },
    /// The place to go on from is one that a page was asked for with already: the same pages would come
    /// again and again.
    #[error("{method}: the page leads back to one that came already")]
    Circle {
        /// The method.
        method: &'static str,
    },
}

/// Reads a list page by page: take the [`request`](Pages::request), hand in its response.
///
/// It ends when the pages say so. A page without items is the end only where the vendor does not
/// say otherwise: SearchDocflows and GetDocflowsByPacketId may answer with one in the middle.
///
/// ```
/// use diadoc_api::{Pages, documents::GetDocumentsV3};
/// use diadoc_proto::documents::{Document, DocumentList};
///
/// # fn send(request: &GetDocumentsV3) -> DocumentList {
/// #     let documents = match request.after_index_key.as_deref() {
/// #         None => vec![Document { index_key: Some("1".into()), ..Document::default() }],
/// #         Some(_) => vec![],
/// #     };
/// #     DocumentList { total_count: 1, documents, ..DocumentList::default() }
/// # }
/// let first = GetDocumentsV3::new("1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "Any.Inbound");
/// let mut pages = Pages::new(first);
/// let mut documents = Vec::new();
/// while let Some(request) = pages.request() {
///     let page = send(request);
///     documents.extend(pages.accept(page)?);
/// }
/// assert_eq!(documents.len(), 1);
/// # Ok::<(), diadoc_api::PagingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pages<R> {
    next: Option<R>,
    seen: usize,
    /// The places of the pages so far.
    places: HashSet<Vec<u8>>,
}

impl<R: Paged> Pages<R> {
    /// Reads from the page that the request asks for.
    pub fn new(first: R) -> Self {
        Self {
            next: Some(first),
            seen: 0,
            places: HashSet::new(),
        }
    }

    /// The request of the next page; none after the last one.
    pub fn request(&self) -> Option<&R> {
        self.next.as_ref()
    }

    /// How many items came so far.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// Takes the response to [`request`](Pages::request), and gives its items.
    ///
    /// # Errors
    ///
    /// [`PagingError`] where the page gives no place to go on from, or one that came already. Its items
    /// are lost, lest a list that was cut short is taken for a whole one.
    pub fn accept(&mut self, page: R::Response) -> Result<Vec<R::Item>, PagingError> {
        let request = self.next.take();
        self.seen += R::count(&page);
        if let Some(request) = request {
            self.places.insert(request.place());
            let next = request.next(&page, self.seen)?;
            if next
                .as_ref()
                .is_some_and(|next| self.places.contains(&next.place()))
            {
                return Err(PagingError::Circle {
                    method: request.method().name,
                });
            }
            self.next = next;
        }
        Ok(R::items(page))
    }
}

/// The request after the last item of a page, whose key is `key`.
pub(crate) fn after_item<R: Paged, K: AsRef<[u8]>>(
    request: &R,
    key: Option<K>,
    set: impl FnOnce(&mut R, K),
) -> Result<Option<R>, PagingError> {
    match after_page(request, key, set)? {
        Some(next) => Ok(Some(next)),
        None => Err(PagingError::NoKey {
            method: request.method().name,
        }),
    }
}

/// The request after a page that gives the key of the next one, or none at its end.
pub(crate) fn after_page<R: Paged, K: AsRef<[u8]>>(
    request: &R,
    key: Option<K>,
    set: impl FnOnce(&mut R, K),
) -> Result<Option<R>, PagingError> {
    let Some(key) = key.filter(|key| !key.as_ref().is_empty()) else {
        return Ok(None);
    };
    let mut next = request.clone();
    set(&mut next, key);
    Ok(Some(next))
}

/// The place that a key is; the first one where there is none.
pub(crate) fn key(key: Option<&impl AsRef<[u8]>>) -> Vec<u8> {
    key.map(|key| key.as_ref().to_vec()).unwrap_or_default()
}

/// The place that a number is.
pub(crate) fn number(number: i32) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}
