//! Which APIs a provider speaks, and where: the built-in row with what the file says over it.
//!
//! Owns the rules between `url`, `format`, `formats`, `format_urls`, `models_url`, `auth_style` and
//! the values that built-in addresses leave open. Pure. Called by `resolve` for what is used
//! and by `validate.rs` for what is wrong.

use provider::format_of_path;
use wire::ApiFormat;

use super::error::{KeyPath, What};
use super::providers::{AuthStyle, ProviderEntry};
use super::shape::nearest;
use super::stock::{Stock, StockRoute, stock};
use super::stock_rows::STOCK;
use super::url::{ChatUrl, Host};

/// One API of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// The API.
    pub format: ApiFormat,
    /// Its chat address; for a list of models the address of that.
    pub url: ChatUrl,
    /// How the key is sent there.
    pub auth_style: AuthStyle,
}

/// All APIs of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apis {
    /// The usual one.
    pub usual: Api,
    /// The others.
    pub others: Vec<Api>,
    /// Models that are spoken to with another API: a name, or a beginning with `*`.
    pub models: Vec<(String, ApiFormat)>,
    /// Where models are listed, if not beside the usual address.
    pub list: Option<Api>,
    /// Models with an address of their own.
    pub alone: Vec<(String, Api)>,
    /// Paths that lie elsewhere, with their addresses.
    pub paths: Vec<(String, ChatUrl)>,
    /// The region, where one is needed.
    pub region: Option<String>,
}

impl Apis {
    /// The API at an address of one model: the written one, the one that the path belongs to, or
    /// the usual one.
    #[must_use]
    pub fn alone_at(&self, url: &ChatUrl, written: Option<ApiFormat>) -> Api {
        let format = written
            .or_else(|| format_of_path(url.path()))
            .unwrap_or(self.usual.format);
        let known = self.all().find(|api| api.format == format);
        Api {
            format,
            url: url.clone(),
            auth_style: known.unwrap_or(&self.usual).auth_style,
        }
    }

    /// Whether the provider speaks this API.
    #[must_use]
    pub fn speaks(&self, format: ApiFormat) -> bool {
        self.all().any(|api| api.format == format)
    }

    /// All APIs, the usual one first.
    pub fn all(&self) -> impl Iterator<Item = &Api> {
        std::iter::once(&self.usual).chain(&self.others)
    }

    /// All addresses that are called.
    pub fn addresses(&self) -> impl Iterator<Item = &ChatUrl> {
        let list = self.list.iter();
        let apis = self.all().chain(list).map(|api| &api.url);
        apis.chain(self.paths.iter().map(|(_, url)| url))
    }
}

/// What is wrong with a provider's addresses, and at which of its keys (none: the entry itself).
type Wrong = (Option<KeyPath>, What);

/// Puts the APIs of a provider together.
pub(super) fn apis(name: &str, entry: &ProviderEntry) -> Result<Apis, Wrong> {
    let speaker = Speaker {
        entry,
        stock: built_in(name, entry)?,
    };
    let mut routes = speaker.routes()?;
    let paths = speaker.written(&mut routes)?;
    speaker.ollama(&mut routes);
    let usual = speaker.usual(&mut routes)?;
    Ok(Apis {
        models: speaker.models(&usual, &routes)?,
        list: speaker.list(&usual)?,
        alone: Vec::new(),
        paths,
        region: entry.region.clone(),
        others: routes,
        usual,
    })
}

/// The built-in provider under an entry.
fn built_in(name: &str, entry: &ProviderEntry) -> Result<Option<&'static Stock>, Wrong> {
    let found = stock(entry.under(name)).filter(|stock| !stock.routes.is_empty());
    match (found, &entry.like) {
        (None, Some(wrong)) => {
            let known = STOCK.iter().map(|stock| stock.name);
            let nearest = nearest(wrong, known);
            Err((Some(KeyPath::of("like")), What::UnknownProvider { nearest }))
        }
        (found, _) => Ok(found),
    }
}

struct Speaker<'e> {
    entry: &'e ProviderEntry,
    stock: Option<&'static Stock>,
}

impl Speaker<'_> {
    /// The written address with what of the built-in ones moves along with it, or those.
    fn routes(&self) -> Result<Vec<Api>, Wrong> {
        let built_in = self.stock.map_or(&[][..], |stock| stock.routes);
        let Some(url) = &self.entry.url else {
            if built_in.is_empty() {
                let key = "url".to_owned();
                return Err((None, What::MissingKey { key }));
            }
            return built_in.iter().map(|route| self.filled(route)).collect();
        };
        let format = self.format_of(url);
        let known = built_in.iter().find(|route| route.format == format);
        let auth_style = self
            .entry
            .auth_style
            .or(known.map(|route| route.auth))
            .unwrap_or_else(|| usual_style(format, url));
        let own = Api {
            format,
            url: url.clone(),
            auth_style,
        };
        let moved = built_in
            .iter()
            .filter(|route| route.format != format)
            .filter_map(|route| self.moved(route, url));
        Ok(std::iter::once(own).chain(moved).collect())
    }

    fn format_of(&self, url: &ChatUrl) -> ApiFormat {
        format_of_path(url.path())
            .or_else(|| self.asked_format())
            .or_else(|| Some(self.stock?.first()?.format))
            .unwrap_or(ApiFormat::OpenAiChat)
    }

    fn asked_format(&self) -> Option<ApiFormat> {
        let asked = self.entry.format.or(self.entry.api_format)?;
        Some(asked.get())
    }

    /// A built-in route with the open values filled in.
    fn filled(&self, route: &StockRoute) -> Result<Api, Wrong> {
        Ok(Api {
            format: route.format,
            url: self.address(route.url)?,
            auth_style: self.style_of(route),
        })
    }

    /// The style that was written goes for all addresses that share the usual one.
    fn style_of(&self, route: &StockRoute) -> AuthStyle {
        let shared = self
            .stock
            .is_some_and(|stock| stock.auth_style() == route.auth);
        match self.entry.auth_style {
            Some(style) if shared => style,
            _ => route.auth,
        }
    }

    fn address(&self, template: &str) -> Result<ChatUrl, Wrong> {
        let mut text = template.to_owned();
        if text.contains("{region}-aiplatform") {
            text = vertex_host(&text, self.entry.region.as_deref());
        }
        let values = [
            ("region", &self.entry.region),
            ("project", &self.entry.project),
            ("resource", &self.entry.resource),
        ];
        for (key, value) in values {
            let hole = format!("{{{key}}}");
            if text.contains(&hole) {
                let value = value.as_deref().ok_or_else(|| (None, needs(key)))?;
                check_value(key, value)?;
                text = text.replace(&hole, value);
            }
        }
        text.parse().map_err(|what| (None, what))
    }

    /// A built-in address on the written one's server, if both servers have the same paths.
    fn moved(&self, route: &StockRoute, url: &ChatUrl) -> Option<Api> {
        let first: ChatUrl = self.stock?.first()?.url.parse().ok()?;
        let here: ChatUrl = route.url.parse().ok()?;
        let one_server = (first.host(), first.port()) == (here.host(), here.port());
        let prefix = url.path().strip_suffix(first.path())?;
        let text = format!("{}{prefix}{}", url.origin(), here.path());
        Some(Api {
            format: route.format,
            url: text.parse().ok().filter(|_| one_server)?,
            auth_style: self.style_of(route),
        })
    }

    /// Lays `format_urls` over the routes and gives back its paths.
    fn written(&self, routes: &mut Vec<Api>) -> Result<Vec<(String, ChatUrl)>, Wrong> {
        let mut paths = Vec::new();
        for (key, url) in self.entry.format_urls.iter().flatten() {
            let Ok(format) = key.parse::<ApiFormat>() else {
                let at = Some(KeyPath::of("format_urls").key(key));
                paths.push((path_of(key).ok_or((at, unknown_format()))?, url.clone()));
                continue;
            };
            let known = routes.iter().position(|api| api.format == format);
            let auth_style = known
                .and_then(|at| routes.get(at))
                .or(routes.first())
                .map_or(AuthStyle::Bearer, |api| api.auth_style);
            let api = Api {
                format,
                url: url.clone(),
                auth_style: native_style(format, auth_style),
            };
            match known.and_then(|at| routes.get_mut(at)) {
                Some(route) => *route = api,
                None => routes.push(api),
            }
        }
        if self.entry.url.is_none() {
            let built_in = self.stock.map_or(&[][..], |stock| stock.paths);
            for (path, url) in built_in {
                if !paths.iter().any(|(own, _)| own == path) {
                    paths.push(((*path).to_owned(), self.address(url)?));
                }
            }
        }
        Ok(paths)
    }

    /// Every Ollama server has its own API beside OpenAI's, so the word alone is enough.
    fn ollama(&self, routes: &mut Vec<Api>) {
        let wanted = self.asked_format() == Some(ApiFormat::Ollama);
        if !wanted || routes.iter().any(|api| api.format == ApiFormat::Ollama) {
            return;
        }
        let sibling = routes.first().and_then(|api| {
            let prefix = api.url.path().strip_suffix("/v1/chat/completions")?;
            Some(Api {
                format: ApiFormat::Ollama,
                url: format!("{}{prefix}/api/chat", api.url.origin())
                    .parse()
                    .ok()?,
                auth_style: api.auth_style,
            })
        });
        routes.extend(sibling);
    }

    /// Takes the usual API out of the routes.
    fn usual(&self, routes: &mut Vec<Api>) -> Result<Api, Wrong> {
        let place = match self.asked_format() {
            None => 0,
            Some(format) => routes
                .iter()
                .position(|api| api.format == format)
                .ok_or_else(|| {
                    let key = if self.entry.format.is_some() {
                        "format"
                    } else {
                        "api_format"
                    };
                    (Some(KeyPath::of(key)), no_address())
                })?,
        };
        if place < routes.len() {
            return Ok(routes.remove(place));
        }
        let key = "url".to_owned();
        Err((None, What::MissingKey { key }))
    }

    /// Names before beginnings, longer beginnings before shorter, what is written before what is
    /// built in.
    fn models(&self, usual: &Api, others: &[Api]) -> Result<Vec<(String, ApiFormat)>, Wrong> {
        let spoken =
            |format| usual.format == format || others.iter().any(|api| api.format == format);
        let mut own: Vec<(String, ApiFormat)> = Vec::new();
        for (models, format) in self.entry.formats.iter().flatten() {
            if !spoken(format.get()) {
                return Err((Some(KeyPath::of("formats").key(models)), no_address()));
            }
            own.push((models.clone(), format.get()));
        }
        own.sort_by_key(|(models, _)| (models.ends_with('*'), std::cmp::Reverse(models.len())));
        let built_in = self.stock.map_or(&[][..], |stock| stock.formats);
        let built_in = built_in
            .iter()
            .map(|(models, format)| ((*models).to_owned(), *format));
        let names = [("claude-*", "anthropic"), ("gemini-*", "gemini")];
        let by_name = names.into_iter().filter_map(|(models, key)| {
            self.entry.format_urls.as_ref()?.get(key)?;
            Some((models.to_owned(), key.parse().ok()?))
        });
        let more = built_in
            .chain(by_name)
            .filter(|(_, format)| spoken(*format));
        Ok(own.into_iter().chain(more).collect())
    }

    fn list(&self, usual: &Api) -> Result<Option<Api>, Wrong> {
        if let Some(url) = &self.entry.models_url {
            return Ok(Some(Api {
                format: list_format(url).unwrap_or(usual.format),
                url: url.clone(),
                auth_style: usual.auth_style,
            }));
        }
        let Some(route) = self.stock.and_then(|stock| stock.models.as_ref()) else {
            return Ok(None);
        };
        match &self.entry.url {
            None => self.filled(route).map(Some),
            Some(url) => Ok(self.moved(route, url)),
        }
    }
}

/// How a key is sent to an address of a provider that is not built in.
fn usual_style(format: ApiFormat, url: &ChatUrl) -> AuthStyle {
    let is_vertex =
        matches!(url.host(), Host::Name(name) if name.ends_with("aiplatform.googleapis.com"));
    match format {
        _ if is_vertex => AuthStyle::Bearer,
        ApiFormat::Anthropic => AuthStyle::Anthropic,
        ApiFormat::Gemini => AuthStyle::XGoog,
        _ => AuthStyle::Bearer,
    }
}

/// Gemini's own API takes a bearer for an access token, so the key goes alone.
fn native_style(format: ApiFormat, style: AuthStyle) -> AuthStyle {
    match (format, style) {
        (ApiFormat::Gemini, AuthStyle::BearerXGoog) => AuthStyle::XGoog,
        _ => style,
    }
}

/// # Source
/// Vertex AI, "Locations", 2026-11-22: `global` and the multi-regions have hosts of another form.
fn vertex_host(template: &str, region: Option<&str>) -> String {
    let host = match region {
        Some("global") => "aiplatform",
        Some("us" | "eu") => "aiplatform.{region}.rep",
        _ => return template.to_owned(),
    };
    template.replace("{region}-aiplatform", host)
}

fn list_format(url: &ChatUrl) -> Option<ApiFormat> {
    let route = url.route();
    if route.ends_with("/api/tags") {
        Some(ApiFormat::Ollama)
    } else if route.ends_with("/v1beta/models") {
        Some(ApiFormat::Gemini)
    } else if route.ends_with("/foundation-models") {
        Some(ApiFormat::Bedrock)
    } else {
        None
    }
}

fn check_value(key: &str, value: &str) -> Result<(), Wrong> {
    let project = key == "project";
    let fits = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte == b'-' || (project && matches!(byte, b'.' | b':'))
    };
    if !value.is_empty() && value.bytes().all(fits) && !value.starts_with(['-', '.']) {
        return Ok(());
    }
    let expected = "a name of letters, digits and `-`";
    Err((Some(KeyPath::of(key)), What::Malformed { expected }))
}

fn needs(key: &str) -> What {
    What::NoAddress {
        needs: format!("`{key}`, or its whole address as `url`"),
    }
}

fn no_address() -> What {
    What::Contradiction {
        other: KeyPath::of("format_urls"),
        reason: "no address of the provider belongs to this format; add one there",
    }
}

/// The path that a key of `format_urls` stands for, if it is no format: one with a slash before
/// it, or without one the beginning of a route of ours.
fn path_of(key: &str) -> Option<String> {
    const ROUTES: [&str; 8] = [
        "a2a",
        "audio",
        "batches",
        "embeddings",
        "files",
        "images",
        "moderations",
        "rerank",
    ];
    let first = key.split('/').next().unwrap_or_default();
    if key.starts_with('/') {
        Some(key.to_owned())
    } else {
        ROUTES.contains(&first).then(|| format!("/{key}"))
    }
}

fn unknown_format() -> What {
    let allowed = ApiFormat::ALL.iter().map(ToString::to_string);
    What::NotOneOf {
        allowed: allowed.chain(["/path".to_owned()]).collect(),
        nearest: None,
    }
}

#[cfg(test)]
#[path = "speaking_tests.rs"]
mod tests;
