//! Installs what the steps need and the machine does not have. Does nothing on a machine that
//! has it all, and says what to do on one where it may not install.

use std::fs;
use std::time::Instant;

use crate::run::{self, Tally, command, say, succeeds};

/// How to see whether something is there, and the Debian package that brings it.
struct Need {
    what: &'static str,
    test: &'static [&'static str],
    package: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        what: "C compiler",
        test: &["cc", "--version"],
        package: "gcc",
    },
    Need {
        what: "C library headers",
        test: &["test", "-e", "/usr/include/stdlib.h"],
        package: "libc6-dev",
    },
    Need {
        what: "make",
        test: &["make", "--version"],
        package: "make",
    },
    Need {
        what: "curl",
        test: &["curl", "--version"],
        package: "curl",
    },
    Need {
        what: "openssl",
        test: &["openssl", "version"],
        package: "openssl",
    },
    Need {
        what: "git",
        test: &["git", "--version"],
        package: "git",
    },
    Need {
        what: "mmdebstrap",
        test: &["mmdebstrap", "--version"],
        package: "mmdebstrap",
    },
    Need {
        what: "script(1)",
        test: &["script", "--version"],
        package: "bsdutils",
    },
    Need {
        what: "setpriv, unshare, nsenter",
        test: &["nsenter", "--version"],
        package: "util-linux",
    },
    Need {
        what: "Python",
        test: &["python3", "--version"],
        package: "python3",
    },
    Need {
        what: "Python's venv",
        test: &["python3", "-c", "import ensurepip, venv"],
        package: "python3-venv",
    },
    Need {
        what: "Node",
        test: &["node", "--version"],
        package: "nodejs",
    },
    Need {
        what: "npm",
        test: &["npm", "--version"],
        package: "npm",
    },
];

/// What is installed in one go, and whether it is there now.
struct Part(&'static str, fn() -> bool);

/// Installs packages, SDKs and the machine of the system tests.
pub(crate) fn run() -> Tally {
    let parts: [Part; 4] = [
        Part("Debian packages", packages),
        Part("the Python SDK", python),
        Part("the Node SDK", node),
        Part("the machine of the system tests", machine),
    ];
    let mut tally = Tally::default();
    for Part(what, install) in parts {
        let began = Instant::now();
        let good = install();
        say(&format!(
            "    {what}: {} ({:.1} s)",
            if good { "there" } else { "MISSING" },
            began.elapsed().as_secs_f64()
        ));
        tally = tally.plus(Tally::of(good));
    }
    tally
}

fn packages() -> bool {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !is_there(need)).collect();
    if missing.is_empty() {
        return true;
    }
    for need in &missing {
        say(&format!(
            "    {} is missing: package {}",
            need.what, need.package
        ));
    }
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    packages.dedup();
    let install = [
        &["install", "--yes", "--no-install-recommends"][..],
        &packages,
    ]
    .concat();
    apt_get(&["update"]) && apt_get(&install) && missing.iter().all(|need| is_there(need))
}

fn is_there(need: &Need) -> bool {
    let [program, arguments @ ..] = need.test else {
        return false;
    };
    command(program, arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn apt_get(arguments: &[&str]) -> bool {
    let quiet = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
    let good = succeeds(
        command("apt-get", &[&quiet[..], arguments].concat())
            .env("DEBIAN_FRONTEND", "noninteractive"),
    );
    if !good {
        say(&format!(
            "    could not run `apt-get {}`; install the packages by hand, as root",
            arguments.join(" ")
        ));
    }
    good
}

/// A virtual environment below the build folder, made anew when the list of packages changes.
fn python() -> bool {
    let folder = run::target().join("sdk/venv");
    let list = run::root().join("tests/sdk/python/requirements.txt");
    let stamp = folder.join("requirements.txt");
    if same(&list, &stamp) {
        return true;
    }
    let [folder, list_name] = [&folder, &list].map(|path| path.display().to_string());
    let pip = format!("{folder}/bin/pip");
    succeeds(&mut command("python3", &["-m", "venv", "--clear", &folder]))
        && succeeds(&mut command(
            &pip,
            &[
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                &list_name,
            ],
        ))
        && fs::copy(&list, &stamp).is_ok()
}

/// The modules below the build folder, made anew when the lock file changes.
fn node() -> bool {
    let (from, to) = (
        run::root().join("tests/sdk/node"),
        run::target().join("sdk/node"),
    );
    let installed = to.join("node_modules/.package-lock.json").exists();
    if installed
        && same(
            &from.join("package-lock.json"),
            &to.join("package-lock.json"),
        )
    {
        return true;
    }
    let copied = fs::create_dir_all(&to).is_ok()
        && ["package.json", "package-lock.json", ".npmrc"]
            .iter()
            .all(|name| fs::copy(from.join(name), to.join(name)).is_ok());
    copied
        && succeeds(
            command(
                "npm",
                &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
            )
            .current_dir(&to),
        )
}

fn same(one: &std::path::Path, other: &std::path::Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn machine() -> bool {
    let program = run::root().join("tests/system/machine.sh");
    command(&program.display().to_string(), &["--prepare"])
        .output()
        .is_ok_and(|output| {
            if !output.status.success() {
                say(&String::from_utf8_lossy(&output.stderr));
            }
            output.status.success()
        })
}
