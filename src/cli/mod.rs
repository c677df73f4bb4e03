//! The command line: what can be asked of the program, and what each answer is.
//!
//! Flags may be written the Go way with one dash (`-config FILE`), as the users of the gateway
//! that this one replaces have them in their units and scripts. Unlike there, an unknown flag or
//! a stray argument is an error and never starts a server.

mod doctor;
mod healthcheck;
mod keygen;
mod models;
mod redact;
mod reload;
mod unknown_model;
mod validate;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub(crate) use keygen::Keygen;

/// A supervised gateway between AI clients and LLM providers.
#[derive(Debug, Parser)]
#[command(
    name = "nenya",
    version,
    about,
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = true
)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    place: Place,
    /// Check configuration and secrets, say what is wrong, and exit
    #[arg(long)]
    validate: bool,
    /// Print the JSON Schema of the configuration and exit
    #[arg(long)]
    print_config_schema: bool,
}

/// Where the configuration is, and how much to say.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Configuration file (also NENYA_CONFIG_FILE, which wins)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory with config.d/*.json or config.json (also NENYA_CONFIG_DIR, which wins)
    #[arg(long, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,
    /// Secrets file, or directory with *.json, in place of the usual places
    #[arg(long, value_name = "PATH")]
    pub secrets: Option<PathBuf>,
    /// Log at debug level
    #[arg(long)]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the gateway (the default)
    Serve(Place),
    /// Check configuration and secrets, say what is wrong, and exit
    Validate(Place),
    /// Make a client key and print it once, with its entry for the secrets file
    Keygen(Keygen),
    /// Look at memory limits, secret pages, credentials, unit, ports and providers
    Doctor(Place),
    /// Ask the running gateway whether it is well; exit 0 if it is
    Healthcheck(Place),
    /// Make the running gateway read its configuration again, and wait for its verdict
    Reload(reload::Reload),
    /// Show what the rules find in a text, and the text without it
    Redact(Box<redact::Redact>),
    /// Show the models that are served, and with --explain where each fact comes from
    Models(models::Models),
    /// Print the version
    Version,
}

/// Runs the program with `arguments`, the first of which is its own name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let line = match CommandLine::try_parse_from(with_two_dashes(arguments)) {
        Ok(line) => line,
        Err(error) => {
            // Help and version are errors to the parser, but not to the user.
            error.print().ok();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    dispatch(line)
}

fn dispatch(line: CommandLine) -> ExitCode {
    if line.print_config_schema {
        return say(
            &serde_json::to_string_pretty(&crate::config::Config::schema()).unwrap_or_default(),
        );
    }
    if line.validate {
        return validate::run(&line.place);
    }
    match line.command {
        None => crate::serve::run(&line.place),
        Some(Command::Serve(place)) => crate::serve::run(&place),
        Some(Command::Validate(place)) => validate::run(&place),
        Some(Command::Keygen(keygen)) => keygen::run(&keygen),
        Some(Command::Doctor(place)) => doctor::run(&place),
        Some(Command::Healthcheck(place)) => healthcheck::run(&place),
        Some(Command::Reload(reload)) => reload::run(&reload),
        Some(Command::Redact(redact)) => redact::run(&redact),
        Some(Command::Models(models)) => models::run(&models),
        Some(Command::Version) => say(concat!("nenya ", env!("CARGO_PKG_VERSION"))),
    }
}

/// Turns `-config` into `--config`; single letters stay.
fn with_two_dashes(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let long = |text: &str| {
        let name = text.strip_prefix('-')?;
        let is_long = name.len() > 1 && name.starts_with(|c: char| c.is_ascii_alphabetic());
        is_long.then(|| OsString::from(format!("--{name}")))
    };
    let mut arguments = arguments.into_iter();
    let program = arguments.next();
    program
        .into_iter()
        .chain(arguments.map(|given| given.to_str().and_then(long).unwrap_or(given)))
        .collect()
}

/// Prints a line for the user.
///
/// A reader that has gone (`nenya ... | head`) is no failure of the command.
pub(crate) fn say(text: &str) -> ExitCode {
    writeln!(io::stdout(), "{text}").ok();
    ExitCode::SUCCESS
}

/// Prints what went wrong, and gives the exit code for it.
pub(crate) fn complain(text: &str) -> ExitCode {
    writeln!(io::stderr(), "nenya: {text}").ok();
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn parse(words: &[&str]) -> Result<CommandLine, clap::Error> {
        CommandLine::try_parse_from(with_two_dashes(words.iter().map(OsString::from)))
    }

    #[test]
    fn the_definition_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn flags_with_one_dash_are_taken() {
        let line = parse(&["nenya", "-config", "a.json", "-verbose"]).expect("parsed");
        assert_eq!(line.place.config, Some(PathBuf::from("a.json")));
        assert!(line.place.verbose);
        assert!(parse(&["nenya", "-validate"]).expect("parsed").validate);
        assert!(
            parse(&["nenya", "-config-dir=/x"])
                .expect("parsed")
                .place
                .config_dir
                .is_some()
        );
    }

    #[test]
    fn unknown_flags_and_arguments_are_refused() {
        for words in [
            &["nenya", "-validat"][..],
            &["nenya", "--port", "1"],
            &["nenya", "start"],
            &["nenya", "serve", "x"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn keygen_takes_lists() {
        let line = parse(&[
            "nenya",
            "keygen",
            "--name",
            "dev-user",
            "--roles",
            "user,read-only",
            "--agents",
            "build,plan",
        ]);
        assert!(matches!(
            line.expect("parsed").command,
            Some(Command::Keygen(_))
        ));
    }
}
