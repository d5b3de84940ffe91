//! Feeds: lists that grow at their end.

use bytes::Bytes;

use crate::docflows::{GetDocflowEventsV4, GetDocflowEventsV5};
use crate::events::{
    GetCounteragentEventsV1, GetNewEventsV8, GetPartnerEvents, GetSecurityEventsV1,
};
use crate::{Paged, PagingError};

/// A request whose list grows at its end, and can be read on from any of its items: a feed of events.
pub trait Feed: Paged {
    /// The place behind an item, which the server gives: what a program keeps of how far it has come.
    type Key: Clone + AsRef<[u8]>;

    /// The place that the request asks for the events behind; none where it asks for those from the first on.
    fn key(&self) -> Option<&Self::Key>;

    /// The same request for the events behind a place.
    #[must_use]
    fn after(self, key: Self::Key) -> Self;

    /// Whether events come in the order in which they happened. Those that come the other way round end with
    /// the first event ever, and what happens next is not behind them.
    fn goes_forward(&self) -> bool {
        true
    }
}

/// Follows a feed without end: take the [`request`](Following::request), hand in its response.
///
/// A page without events is the end for now: send the same request again after a while. To go on another day
/// where this one ended, keep the [`key`](Following::key) once the events of a page are done with, and begin
/// [`after`](Feed::after) it.
///
/// ```
/// use diadoc_api::{Feed as _, Following, events::GetNewEventsV8};
/// use diadoc_proto::events::{BoxEvent, BoxEventList};
///
/// # fn send(request: &GetNewEventsV8) -> BoxEventList {
/// #     let events = match request.after_index_key.as_deref() {
/// #         Some("k1") => vec![BoxEvent { index_key: Some("k2".into()), ..BoxEvent::default() }],
/// #         _ => vec![],
/// #     };
/// #     BoxEventList { events, ..BoxEventList::default() }
/// # }
/// let kept = "k1".to_owned();
/// let first = GetNewEventsV8::new("1f208d03-2a60-4f64-91b1-b7aad54cfaf3").after(kept);
/// let mut feed = Following::new(first);
/// let page = send(feed.request());
/// assert_eq!(feed.accept(page)?.len(), 1);
/// assert_eq!(feed.key().map(String::as_str), Some("k2"));
/// let page = send(feed.request());
/// assert!(feed.accept(page)?.is_empty()); // Nothing has happened since.
/// # Ok::<(), diadoc_api::PagingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Following<R> {
    request: R,
}

impl<R: Feed> Following<R> {
    /// Follows from the page that the request asks for.
    pub fn new(first: R) -> Self {
        Self { request: first }
    }

    /// The request of the next page.
    pub fn request(&self) -> &R {
        &self.request
    }

    /// The place behind all events so far.
    pub fn key(&self) -> Option<&R::Key> {
        self.request.key()
    }

    /// Takes the response to [`request`](Following::request), and gives its events; none where nothing has
    /// happened since.
    ///
    /// # Errors
    ///
    /// [`PagingError`] where the page gives no place to go on from, or the one from which it went; where the
    /// request asks for the newest events first. The events of the page are lost then, and come again with the same
    /// request.
    pub fn accept(&mut self, page: R::Response) -> Result<Vec<R::Item>, PagingError> {
        let method = self.request.method().name;
        if !self.request.goes_forward() {
            return Err(PagingError::Backwards { method });
        }
        let count = R::count(&page);
        if count > 0 {
            let next = self.request.next(&page, count)?;
            let next = next.ok_or(PagingError::NoKey { method })?;
            if next.place() == self.request.place() {
                return Err(PagingError::Circle { method });
            }
            self.request = next;
        }
        Ok(R::items(page))
    }
}

/// Requests that have the key of a feed in these fields.
macro_rules! feeds {
    ($($request:ident: $key:ty, $($field:ident).+ $(, replaces $replaced:ident, ascends by $order:ident)?;)*) => {$(
        impl Feed for $request {
            type Key = $key;

            fn key(&self) -> Option<&$key> {
                self.$($field).+.as_ref()
            }

            fn after(mut self, key: $key) -> Self {
                self.$($field).+ = Some(key);
                $(self.$replaced = None;)?
                self
            }

            $(fn goes_forward(&self) -> bool {
                self.$order != Some(diadoc_proto::SortDirection::Descending)
            })?
        }
    )*};
}

feeds! {
    GetCounteragentEventsV1: String, after_index_key;
    GetDocflowEventsV4: Bytes, body.after_index_key;
    GetDocflowEventsV5: Bytes, body.after_index_key;
    GetNewEventsV8: String, after_index_key, replaces after_event_id, ascends by order_by;
    GetPartnerEvents: String, body.cursor;
    GetSecurityEventsV1: String, after_index_key;
}

#[cfg(test)]
mod tests {
    use diadoc_proto::SortDirection;
    use diadoc_proto::docflow::{DocflowEventV5, GetDocflowEventsResponseV5};
    use diadoc_proto::events::{BoxEvent, BoxEventList};

    use super::*;

    fn page(keys: &[&str]) -> BoxEventList {
        let event = |key: &&str| BoxEvent {
            index_key: (!key.is_empty()).then(|| (*key).to_owned()),
            ..BoxEvent::default()
        };
        BoxEventList {
            events: keys.iter().map(event).collect(),
            ..BoxEventList::default()
        }
    }

    #[test]
    fn a_feed_has_no_end() {
        let mut request = GetNewEventsV8::new("b");
        request.after_event_id = Some("e".to_owned());
        let mut feed = Following::new(request);
        assert_eq!(feed.key(), None);
        assert_eq!(feed.accept(page(&[])).unwrap().len(), 0);
        assert_eq!(feed.request().after_event_id.as_deref(), Some("e"));
        for (keys, key) in [
            (&["a", "b"][..], "b"),
            (&[], "b"),
            (&["c"], "c"),
            (&[], "c"),
        ] {
            assert_eq!(feed.accept(page(keys)).unwrap().len(), keys.len());
            assert_eq!(feed.key().unwrap(), key);
            assert_eq!(feed.request().after_event_id, None);
        }
    }

    #[test]
    fn keys_are_bytes_where_the_vendor_has_bytes() {
        let first =
            GetDocflowEventsV5::new("b", Default::default()).after(Bytes::from_static(b"\xff"));
        let mut feed = Following::new(first);
        let event = DocflowEventV5 {
            index_key: Bytes::from_static(b"\xfe"),
            ..DocflowEventV5::default()
        };
        let page = GetDocflowEventsResponseV5 {
            events: vec![event],
            ..GetDocflowEventsResponseV5::default()
        };
        assert_eq!(feed.accept(page).unwrap().len(), 1);
        assert_eq!(feed.key().unwrap()[..], b"\xfe"[..]);
    }

    #[test]
    fn what_leads_nowhere_is_an_error() {
        let request = || GetNewEventsV8::new("b").after("a".to_owned());
        let error = |request: GetNewEventsV8, keys: &[&str]| {
            let mut feed = Following::new(request);
            let error = feed.accept(page(keys)).unwrap_err();
            assert_eq!(feed.key().unwrap(), "a", "it stays where it was");
            error.to_string()
        };
        let circle = "GetNewEventsV8: the page leads back to one that came already";
        assert_eq!(error(request(), &["b", "a"]), circle);
        let no_key = "GetNewEventsV8: the last item of the page has no key to go on from";
        assert_eq!(error(request(), &["b", ""]), no_key);
        let descending = request().order_by(SortDirection::Descending);
        let backwards = "GetNewEventsV8: the newest items come first, so that what is new does not stand behind them";
        assert_eq!(error(descending, &["b"]), backwards);
    }
}
