//! The list of routes: path, methods, and who may come in.
//!
//! One table, read by the dispatcher, by the metrics (route names are labels) and by the tests
//! of rights and documents. A route that is not here does not exist.

pub(crate) mod completions;
pub(crate) mod endpoints;
#[cfg(feature = "faults")]
pub(crate) mod faults;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod models;
pub(crate) mod proxy;
mod proxy_body;
mod proxy_frames;
mod proxy_reply;
mod query;
pub(crate) mod stats;
pub(crate) mod version;

use rbac::RouteClass;
use wire::ApiFormat;

pub use endpoints::Endpoint;

/// Which listener a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The listener for clients, `server.listen_addr`.
    Public,
    /// The listener for operators, `server.admin_listen`.
    Admin,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// A key whose role or endpoint list allows this class.
    Key(RouteClass),
    /// On the public listener a key of this class; on the admin listener everybody who reaches it.
    KeyOrAdmin(RouteClass),
    /// Only on the admin listener.
    AdminOnly,
}

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Is the gateway well?
    Health,
    /// Which version is this?
    Version,
    /// State of actors, breakers and limits.
    Stats,
    /// Metrics for scraping.
    Metrics,
    /// The agents and models that the key may use, or one of them, in this shape; OpenAI's gives
    /// way to Anthropic's and Gemini's for clients that send a header of theirs.
    Models(ApiFormat),
    /// What Ollama's clients ask of one model.
    ShowModel,
    /// Which version of Ollama's API this is.
    OllamaVersion,
    /// A chat completion, whole or streamed, or only its tokens, in the client's format.
    Complete(ApiFormat),
    /// An endpoint of a provider's API that is not a chat.
    CallEndpoint(Endpoint),
    /// What would give a client a provider's key, or a way past the gateway.
    RefuseSessionKeys,
    /// A provider's own endpoint, with the gateway's key.
    Forward,
    /// Makes an actor misbehave, in test builds only.
    Fault,
}

impl Action {
    /// The format that the client speaks here, and reads errors in.
    #[must_use]
    pub fn format(self) -> ApiFormat {
        match self {
            Self::Complete(format) | Self::Models(format) => format,
            Self::ShowModel | Self::OllamaVersion => ApiFormat::Ollama,
            _ => ApiFormat::OpenAiChat,
        }
    }
}

impl Route {
    /// The format of one request: a path that several APIs have is that of the API whose own
    /// header stands there.
    #[must_use]
    pub fn format(&self, has_header: impl Fn(&str) -> bool) -> ApiFormat {
        match self.action {
            Action::Models(ApiFormat::OpenAiChat) if has_header("anthropic-version") => {
                ApiFormat::Anthropic
            }
            Action::Models(ApiFormat::OpenAiChat) if has_header("x-goog-api-key") => {
                ApiFormat::Gemini
            }
            action => action.format(),
        }
    }
}

/// A row of a route that hands out keys for sessions, or opens them elsewhere.
const fn session_keys(path: &'static str) -> Route {
    Route {
        path,
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::RefuseSessionKeys,
    }
}

/// A row of a route that shows models.
const fn models(path: &'static str, format: ApiFormat) -> Route {
    Route {
        path,
        methods: &["GET", "HEAD"],
        access: Access::Key(RouteClass::Public),
        action: Action::Models(format),
    }
}

/// A row of a route that creates completions.
const fn completions(path: &'static str, format: ApiFormat) -> Route {
    Route {
        path,
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::Complete(format),
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Route {
    /// The path; `{}` stands for one segment, a trailing `*` for the rest.
    pub path: &'static str,
    /// The methods.
    pub methods: &'static [&'static str],
    /// Who may come in.
    pub access: Access,
    /// What it does.
    pub action: Action,
}

/// All routes.
pub const ROUTES: &[Route] = &[
    completions("/v1/chat/completions", ApiFormat::OpenAiChat),
    completions("/v1/responses", ApiFormat::OpenAiResponses),
    completions("/v1/responses/input_tokens", ApiFormat::OpenAiResponses),
    completions("/v1/messages", ApiFormat::Anthropic),
    completions("/v1/messages/count_tokens", ApiFormat::Anthropic),
    completions("/v1beta/models/*", ApiFormat::Gemini),
    completions("/v1/models/*", ApiFormat::Gemini),
    completions("/v2/chat", ApiFormat::Cohere),
    completions("/model/{}/converse", ApiFormat::Bedrock),
    completions("/model/{}/converse-stream", ApiFormat::Bedrock),
    completions("/model/{}/count-tokens", ApiFormat::Bedrock),
    completions("/api/chat", ApiFormat::Ollama),
    models("/v1/models", ApiFormat::OpenAiChat),
    models("/v1/models/*", ApiFormat::OpenAiChat),
    models("/v1beta/models", ApiFormat::Gemini),
    models("/v1beta/models/*", ApiFormat::Gemini),
    models("/api/tags", ApiFormat::Ollama),
    Route {
        path: "/api/show",
        methods: &["POST"],
        access: Access::Key(RouteClass::Public),
        action: Action::ShowModel,
    },
    Route {
        path: "/api/version",
        methods: &["GET", "HEAD"],
        access: Access::Open,
        action: Action::OllamaVersion,
    },
    Route {
        path: "/v1/completions",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Completions),
    },
    Route {
        path: "/v1/embeddings",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Embeddings),
    },
    Route {
        path: "/v1/images/generations",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::ImageGenerations),
    },
    Route {
        path: "/v1/images/edits",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::ImageEdits),
    },
    Route {
        path: "/v1/images/variations",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::ImageVariations),
    },
    Route {
        path: "/v1/audio/speech",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Speech),
    },
    Route {
        path: "/v1/audio/transcriptions",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Transcriptions),
    },
    Route {
        path: "/v1/audio/translations",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Translations),
    },
    Route {
        path: "/v1/moderations",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Moderations),
    },
    Route {
        path: "/v1/rerank",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Rerank),
    },
    Route {
        path: "/v2/rerank",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Rerank),
    },
    Route {
        path: "/v1/a2a",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::A2a),
    },
    Route {
        path: "/v1/files",
        methods: &["GET", "HEAD", "POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Files),
    },
    Route {
        path: "/v1/files/{}",
        methods: &["GET", "HEAD", "DELETE"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Files),
    },
    Route {
        path: "/v1/files/{}/content",
        methods: &["GET", "HEAD"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Files),
    },
    Route {
        path: "/v1/batches",
        methods: &["GET", "HEAD", "POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Batches),
    },
    Route {
        path: "/v1/batches/{}",
        methods: &["GET", "HEAD"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Batches),
    },
    Route {
        path: "/v1/batches/{}/cancel",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Batches),
    },
    Route {
        path: "/v1/uploads",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Uploads),
    },
    Route {
        path: "/v1/uploads/{}/parts",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Uploads),
    },
    Route {
        path: "/v1/uploads/{}/complete",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Uploads),
    },
    Route {
        path: "/v1/uploads/{}/cancel",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Uploads),
    },
    Route {
        path: "/v1/responses/{}",
        methods: &["GET", "HEAD", "DELETE"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Responses),
    },
    Route {
        path: "/v1/responses/{}/cancel",
        methods: &["POST"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Responses),
    },
    Route {
        path: "/v1/responses/{}/input_items",
        methods: &["GET", "HEAD"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Responses),
    },
    Route {
        path: "/v1/realtime",
        methods: &["GET"],
        access: Access::Key(RouteClass::Model),
        action: Action::CallEndpoint(Endpoint::Realtime),
    },
    session_keys("/v1/realtime/client_secrets"),
    session_keys("/v1/realtime/sessions"),
    session_keys("/v1/realtime/transcription_sessions"),
    session_keys("/v1/realtime/calls"),
    session_keys("/v1/realtime/calls/*"),
    Route {
        path: "/proxy/{}/*",
        // No TRACE: a provider that reflects a request would show our key. No CONNECT either.
        methods: &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        access: Access::Key(RouteClass::Proxy),
        action: Action::Forward,
    },
    Route {
        path: "/healthz",
        methods: &["GET", "HEAD"],
        access: Access::Open,
        action: Action::Health,
    },
    Route {
        path: "/version",
        methods: &["GET", "HEAD"],
        access: Access::Open,
        action: Action::Version,
    },
    Route {
        path: "/statsz",
        methods: &["GET", "HEAD"],
        access: Access::KeyOrAdmin(RouteClass::Public),
        action: Action::Stats,
    },
    Route {
        path: "/metrics",
        methods: &["GET", "HEAD"],
        access: Access::KeyOrAdmin(RouteClass::Public),
        action: Action::Metrics,
    },
    #[cfg(feature = "faults")]
    Route {
        path: "/debug/fault",
        methods: &["POST"],
        access: Access::AdminOnly,
        action: Action::Fault,
    },
];

/// What the table says of a request.
#[derive(Debug)]
pub enum Found {
    /// This route.
    Route(&'static Route),
    /// The path is known, the method is not; these are.
    WrongMethod(Vec<&'static str>),
    /// No such path on this listener.
    Nothing,
}

/// Looks a request up in the table.
#[must_use]
pub fn find(surface: Surface, method: &str, path: &str) -> Found {
    // One path may have a row for each of its methods.
    let mut known = Vec::new();
    for route in ROUTES {
        if !served_on(route, surface) || !matches(route.path, path) {
            continue;
        }
        if route.methods.contains(&method) {
            return Found::Route(route);
        }
        known.extend_from_slice(route.methods);
    }
    if known.is_empty() {
        Found::Nothing
    } else {
        Found::WrongMethod(known)
    }
}

fn served_on(route: &Route, surface: Surface) -> bool {
    match (route.access, surface) {
        (Access::AdminOnly, Surface::Public) | (Access::Key(_), Surface::Admin) => false,
        (Access::Open | Access::Key(_) | Access::KeyOrAdmin(_), Surface::Public)
        | (Access::Open | Access::KeyOrAdmin(_) | Access::AdminOnly, Surface::Admin) => true,
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    if !pattern.contains(['{', '*']) {
        return pattern == path;
    }
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (Some("*"), Some(_)) | (None, None) => return true,
            (Some("{}"), Some(segment)) if !segment.is_empty() => {}
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(surface: Surface, method: &str, path: &str) -> Option<Action> {
        match find(surface, method, path) {
            Found::Route(route) => Some(route.action),
            Found::WrongMethod(_) | Found::Nothing => None,
        }
    }

    #[test]
    fn paths_match_whole_and_not_by_prefix() {
        assert_eq!(
            action(Surface::Public, "GET", "/v1/models"),
            Some(Action::Models(ApiFormat::OpenAiChat))
        );
        assert_eq!(action(Surface::Public, "GET", "/v1/modelsX"), None);
        assert_eq!(
            action(Surface::Public, "GET", "/v1/chat/completions/"),
            None
        );
    }

    #[test]
    fn one_path_may_have_a_row_for_each_method() {
        let path = "/v1beta/models/gemini-x";
        let format = ApiFormat::Gemini;
        assert_eq!(
            action(Surface::Public, "GET", path),
            Some(Action::Models(format))
        );
        assert_eq!(
            action(Surface::Public, "POST", path),
            Some(Action::Complete(format))
        );
        match find(Surface::Public, "PUT", path) {
            Found::WrongMethod(known) => assert_eq!(known, ["POST", "GET", "HEAD"]),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_header_of_an_api_makes_the_list_its_own() {
        let format = |path: &str, header: &str| match find(Surface::Public, "GET", path) {
            Found::Route(route) => route.format(|name| name == header),
            other => panic!("{other:?}"),
        };
        let version = "anthropic-version";
        assert_eq!(format("/v1/models", version), ApiFormat::Anthropic);
        assert_eq!(format("/v1/models/a/b", version), ApiFormat::Anthropic);
        assert_eq!(format("/v1/models", "x-goog-api-key"), ApiFormat::Gemini);
        assert_eq!(format("/v1/models", "x-api-key"), ApiFormat::OpenAiChat);
        assert_eq!(format("/api/tags", version), ApiFormat::Ollama);
    }

    #[test]
    fn the_proxy_needs_a_provider_and_a_path() {
        assert_eq!(
            action(Surface::Public, "DELETE", "/proxy/openai/v1/files/a"),
            Some(Action::Forward)
        );
        assert_eq!(action(Surface::Public, "GET", "/proxy/openai"), None);
        assert_eq!(action(Surface::Public, "GET", "/proxy//v1"), None);
    }

    #[test]
    fn no_provider_is_asked_to_reflect_our_key() {
        for method in ["TRACE", "CONNECT", "BREW"] {
            let found = find(Surface::Public, method, "/proxy/openai/v1/x");
            assert!(matches!(found, Found::WrongMethod(_)), "{method}");
        }
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_path() {
        assert!(matches!(
            find(Surface::Public, "GET", "/v1/chat/completions"),
            Found::WrongMethod(_)
        ));
        assert!(matches!(
            find(Surface::Public, "GET", "/v1/nothing"),
            Found::Nothing
        ));
    }

    #[test]
    fn the_admin_listener_serves_no_provider_and_the_public_one_no_admin_route() {
        assert_eq!(action(Surface::Admin, "POST", "/v1/chat/completions"), None);
        assert_eq!(
            action(Surface::Admin, "GET", "/metrics"),
            Some(Action::Metrics)
        );
        assert_eq!(action(Surface::Public, "POST", "/debug/fault"), None);
    }

    #[test]
    fn every_route_stands_in_the_document() {
        let text = include_str!("../../../docs/routes.md");
        for route in ROUTES.iter().filter(|route| route.action != Action::Fault) {
            assert!(
                text.contains(&format!("`{}`", route.path)),
                "docs/routes.md lacks {}",
                route.path
            );
        }
    }
}
