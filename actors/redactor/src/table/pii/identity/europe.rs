//! National ids of Europe.

use super::{NATIONAL, number};
use crate::checks::{britain, central_europe, north_europe, south_europe};
use crate::table::row::{Check, Rule};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "uk-nhs-number",
        what: "NHS number (England, Wales, Isle of Man)",
        source: "NHS Data Model and Dictionary, NHS NUMBER; read 22 Nov 2026",
        how: number(
            &[],
            &["ddd ddd dddd", "ddd-ddd-dddd", "dddddddddd"],
            &["nhs", "health service"],
        ),
        pattern: r"\d{3}[- ]?\d{3}[- ]?\d{4}",
        check: Some(Check(britain::nhs_number)),
        examples: &[
            ("NHS number: 449 042 5600", "449 042 5600"),
            ("nhs_no=4410806610", "4410806610"),
        ],
        near_misses: &[
            "NHS number: 449 042 5601",
            "nhs_no=7-4410806610-2",
            "call 449 042 5600 for NHS 24",
        ],
        ..NATIONAL
    },
    Rule {
        id: "uk-national-insurance",
        what: "National Insurance number (United Kingdom)",
        source: "HMRC National Insurance Manual NIM39110; read 22 Nov 2026",
        how: number(
            &["LLddddddL"],
            &["LL dd dd dd L", "LL dddddd L", "LL-dd-dd-dd-L"],
            &[
                "national insurance",
                "ni number",
                "nino",
                "NINO",
                "insurance number",
            ],
        ),
        pattern: r"[A-Z]{2}[- ]?\d{2}[- ]?\d{2}[- ]?\d{2}[- ]?[A-D]",
        check: Some(Check(britain::national_insurance)),
        examples: &[
            ("NI: JK482915C", "JK482915C"),
            ("National Insurance number JK 48 29 15 C", "JK 48 29 15 C"),
        ],
        near_misses: &[
            "National Insurance number JK 48 29 15 C9",
            "part AB123456E",
            "model GB123456A",
            "order XJK482915C",
        ],
        ..NATIONAL
    },
    Rule {
        id: "de-tax-id",
        what: "tax identification number (Germany)",
        source: "BZSt, Steuerliche Identifikationsnummer; not confirmed",
        how: number(
            &["dd ddd ddd ddd"],
            &["ddddddddddd"],
            &["steuer", "tax id", "idnr", "IdNr"],
        ),
        pattern: r"\d{2} ?\d{3} ?\d{3} ?\d{3}",
        check: Some(Check(central_europe::germany_tax)),
        examples: &[
            ("Frau Amt, 14 329 185 102", "14 329 185 102"),
            ("Steuer-ID: 95130625586", "95130625586"),
        ],
        near_misses: &[
            "Frau Amt, 14 329 185 103",
            "Steuer-ID: 7-95130625586-2",
            "job 95130625586",
        ],
        ..NATIONAL
    },
    Rule {
        id: "fr-nir",
        what: "social security number (France)",
        source: "Insee, NIR; not confirmed",
        how: number(
            &[
                "d dd dd dd ddd ddd dd",
                "d dd dd dA ddd ddd dd",
                "ddddddddddddddd",
                "ddddddAdddddddd",
            ],
            &["d dd dd dd ddd ddd - dd"],
            &["nir", "secu"],
        ),
        pattern: r"\d ?\d{2} ?\d{2} ?\d[\dA-B] ?\d{3} ?\d{3}(?: - )? ?\d{2}",
        check: Some(Check(south_europe::france_nir)),
        examples: &[
            ("assuré 2 89 07 75 129 548 72", "2 89 07 75 129 548 72"),
            ("id 285087580827176,", "285087580827176"),
        ],
        near_misses: &["assuré 2 89 07 75 129 548 73", "id 7-285087580827176-2,"],
        ..NATIONAL
    },
    Rule {
        id: "es-dni-nie",
        what: "identity number (Spain: DNI, NIE)",
        source: "Dirección General de Ordenación del Juego, Cálculo del dígito de control del NIF/NIE (ordenacionjuego.es); read 22 Nov 2026",
        how: number(
            &["ddddddddL", "dddddddd-L", "dd.ddd.ddd-L", "dd.ddd.dddL"],
            &["LdddddddL", "L-ddddddd-L", "L-dddddddL", "Lddddddd-L"],
            &["nie", "NIE", "dni", "extranjero"],
        ),
        pattern: r"(?:\d{2}\.?\d{3}\.?\d{3}|[XYZ]-?\d{7})-?[A-Z]",
        check: Some(Check(south_europe::spain_identity)),
        examples: &[
            ("DNI 27843101Z", "27843101Z"),
            ("su NIE es X8739395Q", "X8739395Q"),
        ],
        near_misses: &["DNI 27843101A", "su NIE es X8739395Q9", "X8739395Q alone"],
        ..NATIONAL
    },
    Rule {
        id: "it-codice-fiscale",
        what: "tax code of a person (Italy)",
        source: "Decreto ministeriale 23 December 1976; not confirmed",
        how: number(
            &[],
            &["LLLLLLAALAALAAAL"],
            &[
                "codice fiscale",
                "cod. fisc",
                "c.f.",
                "fiscal code",
                "tax code",
                "CF ",
                "CF:",
            ],
        ),
        pattern: r"[A-Z]{6}[A-Z0-9]{2}[A-Z][A-Z0-9]{2}[A-Z][A-Z0-9]{3}[A-Z]",
        check: Some(Check(south_europe::italy_tax_code)),
        examples: &[
            ("Codice fiscale: RCCMNL83S18D969H", "RCCMNL83S18D969H"),
            ("codiceFiscale=MCFXTA82A09H801J", "MCFXTA82A09H801J"),
        ],
        near_misses: &[
            "Codice fiscale: RCCMNL83S18D969A",
            "codiceFiscale=MCFXTA82A09H801J9",
        ],
        ..NATIONAL
    },
    Rule {
        id: "nl-bsn",
        what: "citizen service number (Netherlands)",
        source: "Rijksdienst voor Identiteitsgegevens, BSN; not confirmed",
        how: number(
            &[],
            &["ddddddddd", "dddd.dd.ddd", "ddd.ddd.ddd", "ddd ddd ddd"],
            &["bsn", "burgerservice", "sofinummer"],
        ),
        pattern: r"\d{3,4}[. ]?\d{2,3}[. ]?\d{3}",
        check: Some(Check(central_europe::netherlands_citizen)),
        examples: &[
            ("BSN: 827886287", "827886287"),
            ("burgerservicenummer 8506.06.032", "8506.06.032"),
        ],
        near_misses: &[
            "BSN: 827886288",
            "burgerservicenummer 7-8506.06.032-2",
            "seed 827886287",
        ],
        ..NATIONAL
    },
    Rule {
        id: "be-national-number",
        what: "national register number (Belgium)",
        source: "Royal decree of 3 April 1984, article 4; not confirmed",
        how: number(
            &["dd.dd.dd-ddd.dd", "dddddd-ddd-dd", "ddddddddddd"],
            &["dd dd dd ddd dd"],
            &[
                "rijksregister",
                "registre national",
                "national number",
                "nrn",
                "NISS",
                "INSZ",
            ],
        ),
        pattern: r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[-. ]?\d{2}",
        check: Some(Check(central_europe::belgium_national)),
        examples: &[
            ("nr 87.05.12-900.20", "87.05.12-900.20"),
            ("klant 87021551602", "87021551602"),
        ],
        near_misses: &["nr 87.05.12-900.21", "klant 7-87021551602-2"],
        ..NATIONAL
    },
    Rule {
        id: "se-personnummer",
        what: "personal number (Sweden)",
        source: "Skatteverket SKV 704; not confirmed",
        how: number(
            &[
                "dddddd-dddd",
                "dddddd+dddd",
                "19dddddd-dddd",
                "200ddddd-dddd",
            ],
            &["dddddddd-dddd", "dddddddddddd", "dddddddddd"],
            &["personnummer", "personal number", "samordningsnummer"],
        ),
        pattern: r"(?:\d{2})?\d{6}[-+]?\d{4}",
        check: Some(Check(north_europe::sweden_personal)),
        examples: &[
            ("kund 890117-1473", "890117-1473"),
            ("personnummer: 198808156502", "198808156502"),
        ],
        near_misses: &[
            "kund 890117-1474",
            "personnummer: 7-198808156502-2",
            "backup 20261122-1035",
            "20261122-1005 INFO started",
        ],
        ..NATIONAL
    },
    Rule {
        id: "no-birth-number",
        what: "birth number or D number (Norway)",
        source: "fnrinfo.no, Kontrollsifferberegning; Skatteetaten, D-nummer; read 22 Nov 2026",
        how: number(&["ddddddddddd", "dddddd ddddd"], &[], &[]),
        pattern: r"\d{6} ?\d{5}",
        check: Some(Check(north_europe::norway_birth)),
        examples: &[
            ("pasient 15108695088", "15108695088"),
            ("fnr 311299 56715", "311299 56715"),
        ],
        near_misses: &["pasient 15108695089", "fnr 7-311299 56715-2"],
        ..NATIONAL
    },
    Rule {
        id: "fi-hetu",
        what: "personal identity code (Finland)",
        source: "Digital and Population Data Services Agency, reform of personal identity codes (dvv.fi); read 22 Nov 2026",
        how: number(&["dddddd-dddA", "dddddd+dddA", "ddddddLdddA"], &[], &[]),
        pattern: r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]",
        check: Some(Check(north_europe::finland_identity)),
        examples: &[
            ("hetu 170680-069N", "170680-069N"),
            ("010594Y9032 syntyi", "010594Y9032"),
        ],
        near_misses: &["hetu 170680-069A", "7-010594Y9032-2 syntyi"],
        ..NATIONAL
    },
    Rule {
        id: "dk-cpr",
        what: "CPR number (Denmark)",
        source: "CPR-kontoret, Personnummeret i CPR-systemet; not confirmed",
        how: number(&["dddddd-dddd"], &["dddddddddd"], &["cpr"]),
        pattern: r"\d{6}-?\d{4}",
        check: Some(Check(north_europe::denmark_cpr)),
        examples: &[
            ("borger 150283-1921", "150283-1921"),
            ("CPR-nr. 2306842369", "2306842369"),
        ],
        near_misses: &[
            "borger 150283-1922",
            "CPR-nr. 7-2306842369-2",
            "batch 2306842369",
        ],
        ..NATIONAL
    },
    Rule {
        id: "pl-pesel",
        what: "PESEL (Poland)",
        source: "Ustawa o ewidencji ludności, article 15; not confirmed",
        how: number(&[], &["ddddddddddd"], &["pesel"]),
        pattern: r"\d{11}",
        check: Some(Check(central_europe::poland_pesel)),
        examples: &[
            ("PESEL 86011626565", "86011626565"),
            ("\"pesel\": \"87021231990\"", "87021231990"),
        ],
        near_misses: &[
            "PESEL 86011626566",
            "\"pesel\": \"7-87021231990-2\"",
            "sequence 86011626565",
        ],
        ..NATIONAL
    },
    Rule {
        id: "cz-birth-number",
        what: "birth number (Czechia, Slovakia)",
        source: "Act 133/2000 Sb., section 13; not confirmed",
        how: number(
            &["dddddd/dddd"],
            &["dddddddddd"],
            &["rodne cislo", "birth number"],
        ),
        pattern: r"\d{6}/?\d{4}",
        check: Some(Check(central_europe::czech_birth)),
        examples: &[
            ("RC 890112/5761", "890112/5761"),
            ("rodne cislo 8601172778", "8601172778"),
        ],
        near_misses: &["RC 890112/5762", "rodne cislo 7-8601172778-2"],
        ..NATIONAL
    },
    Rule {
        id: "ro-cnp",
        what: "personal numeric code (Romania)",
        source: "Legea 105/1996; not confirmed",
        how: number(&[], &["ddddddddddddd"], &["cnp", "CNP", "cod numeric"]),
        pattern: r"\d{13}",
        check: Some(Check(central_europe::romania_personal)),
        examples: &[
            ("CNP: 1880319409717", "1880319409717"),
            ("cod numeric personal 1820912404009", "1820912404009"),
        ],
        near_misses: &[
            "CNP: 1880319409718",
            "cod numeric personal 7-1820912404009-2",
            "time 1880319409717",
        ],
        ..NATIONAL
    },
    Rule {
        id: "hr-oib",
        what: "OIB (Croatia)",
        source: "Porezna uprava, OIB; not confirmed",
        how: number(&[], &["ddddddddddd"], &["oib", "OIB"]),
        pattern: r"\d{11}",
        check: Some(Check(central_europe::croatia_oib)),
        examples: &[
            ("OIB 42716336763", "42716336763"),
            ("\"oib\":\"94162729862\"", "94162729862"),
        ],
        near_misses: &[
            "OIB 42716336764",
            "\"oib\":\"7-94162729862-2\"",
            "run 42716336763",
        ],
        ..NATIONAL
    },
    Rule {
        id: "ch-ahv",
        what: "AHV number (Switzerland)",
        source: "Central Compensation Office, NAVS13 (zas.admin.ch); read 22 Nov 2026",
        how: number(
            &["756.dddd.dddd.dd", "756dddddddddd"],
            &["756 dddd dddd dd"],
            &["ahv", "AHV", "avs", "AVS"],
        ),
        pattern: r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}",
        check: Some(Check(central_europe::switzerland_ahv)),
        examples: &[
            ("AHV 756.7197.0839.48", "756.7197.0839.48"),
            ("insured 7563339607164", "7563339607164"),
        ],
        near_misses: &["AHV 756.7197.0839.49", "insured 7-7563339607164-2"],
        ..NATIONAL
    },
    Rule {
        id: "pt-nif",
        what: "tax number (Portugal)",
        source: "Decreto-Lei 14/2013; not confirmed",
        how: number(
            &[],
            &["ddddddddd", "ddd ddd ddd"],
            &["nif", "NIF", "contribuinte"],
        ),
        pattern: r"\d{3} ?\d{3} ?\d{3}",
        check: Some(Check(south_europe::portugal_tax)),
        examples: &[
            ("NIF: 217471846", "217471846"),
            ("contribuinte 277 777 658", "277 777 658"),
        ],
        near_misses: &[
            "NIF: 217471847",
            "contribuinte 7-277 777 658-2",
            "notify 217471846",
        ],
        ..NATIONAL
    },
];
