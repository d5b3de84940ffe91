//! `diadoc mcp`: what the program does as tools of the Model Context Protocol, for agents.

mod calls;
mod tools;

use std::path::PathBuf;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use tokio::runtime;

use crate::language;
use crate::outcome::{Failure, Outcome};
use diadoc_schema::Language;

/// How long a message of a client may be: a body of the largest size that it takes, in base64.
const MOST_BYTES: usize = 64 << 20;

const INSTRUCTIONS: &str = "\
The Kontur Diadoc API: its messages, enums and HTTP methods, bodies as its server writes and takes them, and what \
it does about a body that is wrong. Names are given as people write them: DocumentList, Document.IndexKey, \
PostMessage, POST /V3/PostMessage, a path that a check printed, a rule's id. Start with `search` where no name is \
known, and with `describe` where one is. Make a body from `example`, and `check` it before it is sent: the check says \
what the live server would refuse, drop or change. Ticks are integers of 100 ns since 0001-01-01 UTC, and do not \
fit a double: leave them as they are.";

/// Serves agents over standard input and output, by the Model Context Protocol
///
/// Tools: describe, search, list, example, check, detect and convert, which work in memory, and read no
/// file. With --allow-calls also call, which sends requests with your token: those of methods that
/// change nothing at once, others after you have confirmed each. A client that cannot ask you gets the
/// command to run instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example, for a client that takes its servers from JSON:
  {\"mcpServers\": {\"diadoc\": {\"command\": \"diadoc\", \"args\": [\"mcp\"]}}}")]
pub(crate) struct Arguments {
    /// Let the agent call methods of the API, as `diadoc call` does
    #[arg(long)]
    allow_calls: bool,

    /// The file with the address and the token
    #[arg(long, value_name = "FILE", requires = "allow_calls")]
    config: Option<PathBuf>,

    #[command(flatten)]
    language: language::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let server = Server {
        language: arguments.language.language(),
        calls: arguments
            .allow_calls
            .then(|| calls::Calls::new(arguments.config.clone())),
    };
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::no_thread)?;
    let served = runtime.block_on(async {
        let transport = AsyncRwTransport::new(tokio::io::stdin(), tokio::io::stdout());
        let transport = transport.with_max_line_length(MOST_BYTES);
        let running = server.serve(transport).await;
        let running = running.map_err(|error| error.to_string())?;
        running.waiting().await.map_err(|error| error.to_string())
    });
    // Who has gone away waits for nothing.
    runtime.shutdown_background();
    match served {
        Ok(_) => Ok(Outcome::Fine),
        Err(why) => Err(Failure::new(format!(
            "no client of the Model Context Protocol spoke on standard input: {why}\n\
             It is for agents to start: `diadoc mcp --help` shows how."
        ))),
    }
}

struct Server {
    /// In which it speaks where a tool is not asked for another one.
    language: Language,
    /// None where nothing may be called.
    calls: Option<calls::Calls>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let program = Implementation::new("diadoc", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(capabilities)
            .with_server_info(program.with_title("Kontur Diadoc API"))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut tools = tools::all();
        if self.calls.is_some() {
            tools.push(calls::tool());
        }
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if let (calls::NAME, Some(calls)) = (&*request.name, &self.calls) {
            return calls.call(request, &context).await;
        }
        let Some(work) = tools::work(&request.name, self.language) else {
            let text = format!("there is no tool `{}`", request.name);
            return Err(ErrorData::invalid_params(text, None));
        };
        let arguments = request.arguments.unwrap_or_default();
        answered(move || work(arguments)).await.map(Into::into)
    }
}

/// What work in memory or on the network comes to, done beside the client's other requests.
async fn answered(
    work: impl FnOnce() -> Result<Vec<ContentBlock>, String> + Send + 'static,
) -> Result<CallToolResult, ErrorData> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(content)) => Ok(CallToolResult::success(content)),
        Ok(Err(why)) => Ok(failed(why)),
        Err(error) => Err(ErrorData::internal_error(error.to_string(), None)),
    }
}

/// Word that something could not be done, for the agent to read.
fn failed(why: impl Into<String>) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(why)])
}
