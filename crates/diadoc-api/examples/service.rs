//! A web service of yours that hands contents through from Diadoc, piece by piece.
#![allow(unreachable_pub, reason = "a test calls `service`")]

use std::env::var;
use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use diadoc_api::client::{Client, ClientError};
use diadoc_api::documents::GetEntityContentV4;
use diadoc_api::{Config, ErrorKind};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = var("DIADOC_URL").unwrap_or(Config::ADDRESS.into());
    let config = Config::new().with_address(&url)?;
    let client = Client::new(config.bearer(var("DIADOC_TOKEN")?))?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, service(client, var("DIADOC_BOX")?)).await?;
    Ok(())
}

/// Answers `/MESSAGE/ENTITY` with that content of a box. One client is for all requests: it keeps the connections,
/// the token, and to as many requests at a time as the vendor wants.
pub fn service(client: Client, box_id: String) -> Router {
    Router::new()
        .route("/{message}/{entity}", get(content))
        .with_state((client, box_id))
}

async fn content(
    State((client, box_id)): State<(Client, String)>,
    Path((message, entity)): Path<(String, String)>,
) -> Result<Response, Failed> {
    let request = GetEntityContentV4::new(box_id, message, entity);
    // It is never held whole, and a connection to Diadoc that breaks costs nothing but time.
    let download = client.download(request).await.map_err(Failed)?;
    let content_type = download.content_type.clone();
    let content_type = content_type.unwrap_or("application/octet-stream".to_owned());
    let headers = [(header::CONTENT_TYPE, content_type)];
    Ok((headers, Body::from_stream(download)).into_response())
}

/// Why there is no content, for who asked for it.
struct Failed(ClientError);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            ClientError::Request(_) => StatusCode::BAD_REQUEST,
            ClientError::Api(error) if error.kind() == ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ClientError::Deadline { .. } | ClientError::Timeout { .. } => {
                StatusCode::GATEWAY_TIMEOUT
            }
            _ => StatusCode::BAD_GATEWAY,
        };
        // The text shows no token.
        (status, self.0.to_string()).into_response()
    }
}
