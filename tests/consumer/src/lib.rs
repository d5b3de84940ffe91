//! Sends and reads messages with what diadoc-proto and diadoc-api re-export alone.

use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::http::header::CONTENT_TYPE;
use diadoc_api::{ApiError, Config, Form, Outcome, Request as _, RequestError, http};
use diadoc_proto::bytes::Bytes;
use diadoc_proto::documents::DocumentList;
use diadoc_proto::prost::{DecodeError, Message as _};

pub fn sent(request: &GetDocumentsV3) -> Result<http::Request<Bytes>, RequestError> {
    request.to_http(&Config::new(), Form::Protobuf)
}

pub fn answered(list: &DocumentList) -> http::Result<http::Response<Bytes>> {
    http::Response::builder()
        .header(CONTENT_TYPE, Form::Protobuf.media_type())
        .body(list.encode_to_vec().into())
}

pub fn read(
    request: &GetDocumentsV3,
    response: http::Response<Bytes>,
) -> Result<Outcome<DocumentList>, ApiError> {
    request.outcome(response)
}

pub fn decoded(body: Bytes) -> Result<DocumentList, DecodeError> {
    DocumentList::decode(body)
}
