//! How languages and people write "this name has this value".

use super::random::Random;

/// Per style: its name, and the forms it has. In a form `{V}` is the value, and the name is
/// `{U}` as an environment variable, `{s}` in snake case, `{c}` in camel case, `{P}` with a
/// capital, `{k}` with hyphens, `{d}` with dots, `{w}` in words.
const STYLES: &[(&str, &[&str])] = &[
    ("env", &["{U}={V}", "{U}={V}", "{U}=\"{V}\"", "{U}='{V}'"]),
    (
        "export",
        &[
            "export {U}={V}",
            "export {U}=\"{V}\"",
            "export {U}='{V}'",
            "{U}='{V}' ./run.sh",
        ],
    ),
    (
        "py",
        &[
            "{U} = \"{V}\"",
            "{s} = '{V}'",
            "os.environ[\"{U}\"] = \"{V}\"",
            "{s} = os.getenv(\"{U}\", \"{V}\")",
        ],
    ),
    ("pydict", &["    \"{s}\": \"{V}\",", "    '{U}': '{V}',"]),
    (
        "ts",
        &[
            "const {c} = \"{V}\";",
            "const {c}: string = '{V}';",
            "export const {U} = \"{V}\";",
        ],
    ),
    (
        "tsfield",
        &[
            "  {c}: '{V}',",
            "  {c}: \"{V}\",",
            "  {c}: process.env.{U} ?? '{V}',",
        ],
    ),
    (
        "go",
        &[
            "\t{c} := \"{V}\"",
            "\tconst {c} = \"{V}\"",
            "\tos.Setenv(\"{U}\", \"{V}\")",
            "\t{c} = `{V}`",
        ],
    ),
    ("gofield", &["\t\t{P}: \"{V}\",", "\t\t{P}:   `{V}`,"]),
    ("yaml", &["{s}: {V}", "{k}: \"{V}\"", "{c}: '{V}'"]),
    (
        "yamlenv",
        &["- name: {U}\n  value: \"{V}\"", "- {U}={V}", "{U}: {V}"],
    ),
    (
        "json",
        &["\"{c}\": \"{V}\"", "\"{s}\": \"{V}\"", "\"{U}\":\"{V}\""],
    ),
    ("docker", &["ENV {U}={V}", "ENV {U}=\"{V}\"", "ARG {U}={V}"]),
    (
        "header",
        &[
            "Authorization: Bearer {V}",
            "X-Api-Key: {V}",
            "authorization: token {V}",
        ],
    ),
    (
        "prose",
        &[
            "the {w} is {V}",
            "{w}: {V}",
            "here is my {w}: `{V}`",
            "I set {U} to {V} and",
            "use {V} as the {w}",
        ],
    ),
    (
        "log",
        &[
            "{s}={V}",
            "{c}: {V}",
            "loaded {U}={V} from environment",
            "\"{s}\":\"{V}\"",
        ],
    ),
    (
        "java",
        &[
            "    private static final String {U} = \"{V}\";",
            "    String {c} = \"{V}\";",
            "        props.setProperty(\"{d}\", \"{V}\");",
            "        builder.{c}(\"{V}\");",
        ],
    ),
    (
        "rust",
        &[
            "const {U}: &str = \"{V}\";",
            "    let {s} = \"{V}\";",
            "    {s}: \"{V}\".to_string(),",
            "    std::env::set_var(\"{U}\", \"{V}\");",
        ],
    ),
    (
        "tf",
        &[
            "  {s} = \"{V}\"",
            "  {s}     = \"{V}\"",
            "    {U} = \"{V}\"",
        ],
    ),
    ("ini", &["{s} = {V}", "{s}={V}", "{U} = {V}"]),
    ("prop", &["{d}={V}", "{d}: {V}", "app.{d} = {V}"]),
    (
        "ruby",
        &[
            "{s} = '{V}'",
            "  config.{s} = \"{V}\"",
            "ENV['{U}'] ||= '{V}'",
            "  {s}: '{V}',",
        ],
    ),
    (
        "php",
        &[
            "define('{U}', '{V}');",
            "${c} = \"{V}\";",
            "    '{s}' => '{V}',",
            "$config['{s}'] = '{V}';",
        ],
    ),
    (
        "cs",
        &[
            "        private const string {P} = \"{V}\";",
            "        var {c} = \"{V}\";",
            "        options.{P} = \"{V}\";",
        ],
    ),
    (
        "kotlin",
        &[
            "    private val {c} = \"{V}\"",
            "    const val {U} = \"{V}\"",
            "        {c} = \"{V}\",",
        ],
    ),
    ("toml", &["{s} = \"{V}\"", "{k} = '{V}'"]),
    ("envfile2", &["{U}={V}", "{U}=\"{V}\"", "export {U}={V}"]),
    (
        "json2",
        &["\"{k}\": \"{V}\"", "\"{P}\": \"{V}\"", "\"{s}\" : \"{V}\""],
    ),
    (
        "compose",
        &["      {U}: {V}", "      - {U}={V}", "      {U}: \"{V}\""],
    ),
    (
        "header2",
        &[
            "authorization: Bearer {V}",
            "x-auth-token: {V}",
            "Private-Token: {V}",
            "api-key: {V}",
        ],
    ),
    (
        "prose2",
        &[
            "my {w} — {V} —",
            "the current {w} = {V},",
            "{w} {V}",
            "({w}: {V})",
            "it only works with the {w} set to \"{V}\"",
        ],
    ),
    (
        "log2",
        &[
            "[config] {d} = {V}",
            "{U}={V};",
            "args: --{k}={V}",
            "{c}=\"{V}\"",
        ],
    ),
    ("flag", &["--{k}={V}", "--{k} {V}", "-D{d}={V}"]),
];

/// Writes one line: the text before the value, and the text after it.
pub(super) fn line(style: &str, name: &str, random: &mut Random) -> (String, String) {
    let forms = STYLES
        .iter()
        .find(|(known, _)| *known == style)
        .map_or(&["{U}={V}"][..], |(_, forms)| forms);
    let form = random.pick(forms);
    let (before, after) = form.split_once("{V}").unwrap_or((form, ""));
    (named(before, name), named(after, name))
}

#[cfg(test)]
pub(super) fn knows(style: &str) -> bool {
    STYLES.iter().any(|(known, _)| *known == style)
}

fn named(form: &str, name: &str) -> String {
    let words: Vec<String> = name.split('_').map(str::to_lowercase).collect();
    let capitals: Vec<String> = words.iter().map(|word| capital(word)).collect();
    let pascal = capitals.concat();
    let camel: String = words
        .iter()
        .take(1)
        .chain(capitals.iter().skip(1))
        .map(String::as_str)
        .collect();
    form.replace("{U}", name)
        .replace("{s}", &words.join("_"))
        .replace("{c}", &camel)
        .replace("{P}", &pascal)
        .replace("{k}", &words.join("-"))
        .replace("{d}", &words.join("."))
        .replace("{w}", &words.join(" "))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelled_as_the_language_does() {
        let spelled = named("{U} {s} {c} {P} {k} {d} {w}", "DB_PASSWORD");
        assert_eq!(
            spelled,
            "DB_PASSWORD db_password dbPassword DbPassword db-password db.password db password"
        );
    }

    #[test]
    fn every_form_has_a_place_for_the_value() {
        for (style, forms) in STYLES {
            assert!(
                forms.iter().all(|form| form.matches("{V}").count() == 1),
                "{style}"
            );
        }
    }
}
