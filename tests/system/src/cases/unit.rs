//! The unit files by themselves, and what the sandbox leaves the process.

use std::fs;

use crate::inside::Service;
use crate::inside::machine::{run, said, succeeds};

crate::promises![
    the_units_verify_without_a_word,
    the_exposure_is_at_most_1_2,
    the_binary_is_at_most_16_mib,
    the_process_has_no_rights_and_leaves_no_core,
    nothing_but_the_gateway_can_be_executed,
];

const UNITS: [&str; 3] = ["nenya.service", "nenya.socket", "nenya-admin.socket"];

fn the_units_verify_without_a_word(_: &Service<'_>) {
    for unit in UNITS {
        let output = run(
            "systemd-analyze",
            &["verify", &format!("/etc/systemd/system/{unit}")],
        );
        assert!(
            output.status.success() && said(&output).is_empty(),
            "{unit}: {}",
            said(&output)
        );
    }
}

fn the_exposure_is_at_most_1_2(_: &Service<'_>) {
    let arguments = [
        "security",
        "--offline=true",
        "--no-pager",
        "--threshold=12",
        "/etc/systemd/system/nenya.service",
    ];
    let report = said(&run("systemd-analyze", &arguments));
    let score = report.lines().last().unwrap_or_default().to_owned();
    assert!(
        run("systemd-analyze", &arguments).status.success(),
        "{report}"
    );
    crate::say(&format!("     {score}"));
}

fn the_binary_is_at_most_16_mib(_: &Service<'_>) {
    let length = fs::metadata("/usr/bin/nenya").unwrap().len();
    crate::say(&format!(
        "     {:.1} MiB",
        length as f64 / f64::from(1 << 20)
    ));
    assert!(length <= 16 << 20, "{length} bytes");
}

fn the_process_has_no_rights_and_leaves_no_core(service: &Service<'_>) {
    service.start();
    let pid = service.main_pid();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    assert!(!field("Uid:").starts_with("0\t"), "it runs as root");
    for set in ["CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"] {
        assert_eq!(field(set), "0000000000000000", "{set}");
    }
    assert_eq!(
        (field("NoNewPrivs:").as_str(), field("Seccomp:").as_str()),
        ("1", "2")
    );
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    assert_eq!(
        succeeds("stat", &["--format=%u", &format!("/proc/{pid}/maps")]),
        "0",
        "it could be dumped"
    );
}

fn nothing_but_the_gateway_can_be_executed(service: &Service<'_>) {
    service.drop_in("[Service]\nExecStartPre=/bin/sh -c true\n");
    let (started, _) = service.control("start");
    assert!(!started, "a shell could be run in the sandbox");
}
