//! National ids of the Americas, Asia, Africa and Australia.

use super::{NATIONAL, number};
use crate::checks::{america, asia, south};
use crate::table::row::{Check, Rule};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        id: "us-ssn",
        what: "US social security number",
        source: "SSA, Social Security Number Randomization FAQ (ssa.gov/employer/randomizationfaqs.html); read 22 Nov 2026",
        how: number(
            &["ddd-dd-dddd"],
            &["ddddddddd", "ddd dd dddd"],
            &["ssn", "SSN", "social security"],
        ),
        pattern: r"\d{3}[- ]?\d{2}[- ]?\d{4}",
        check: Some(Check(america::us_social_security)),
        examples: &[
            ("his SSN is 536-90-4399.", "536-90-4399"),
            ("social_security_number: 536904398", "536904398"),
        ],
        near_misses: &[
            "social_security_number: 7-536904398-2",
            "part 000-12-3456 of 2026-11-22",
            "tracking 536904398",
        ],
        ..NATIONAL
    },
    Rule {
        id: "ca-social-insurance",
        what: "social insurance number (Canada)",
        source: "Social Insurance Number Code of Practice; not confirmed",
        how: number(
            &["ddd-ddd-ddd"],
            &["ddd ddd ddd", "ddddddddd"],
            &["SIN", "sin number", "social insurance"],
        ),
        pattern: r"\d{3}[- ]?\d{3}[- ]?\d{3}",
        check: Some(Check(america::canada_social_insurance)),
        examples: &[
            ("applicant 506-125-038 moved", "506-125-038"),
            ("SIN 552 088 122", "552 088 122"),
        ],
        near_misses: &[
            "applicant 506-125-039 moved",
            "SIN 7-552 088 122-2",
            "since 552 088 122",
        ],
        ..NATIONAL
    },
    Rule {
        id: "br-cpf",
        what: "CPF (Brazil)",
        source: "Receita Federal, CPF; not confirmed",
        how: number(&["ddd.ddd.ddd-dd"], &["ddddddddddd"], &["cpf"]),
        pattern: r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}",
        check: Some(Check(america::brazil_cpf)),
        examples: &[
            ("cliente 270.423.244-04", "270.423.244-04"),
            ("cpf=41505372593", "41505372593"),
        ],
        near_misses: &[
            "cliente 270.423.244-05",
            "cpf=7-41505372593-2",
            "lote 41505372593",
        ],
        ..NATIONAL
    },
    Rule {
        id: "br-cnpj",
        what: "CNPJ (Brazil), digits or letters",
        source: "Receita Federal, Instrução Normativa 2.229/2024; check by coboldicas.com.br; read 22 Nov 2026",
        how: number(
            &["dA.AAA.AAA/AAAA-dd"],
            &["AAAAAAAAAAAAdd", "AA.AAA.AAA/AAAA-dd"],
            &["cnpj"],
        ),
        pattern: r"[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}",
        check: Some(Check(america::brazil_cnpj)),
        examples: &[
            ("empresa 80.956.101/0001-70", "80.956.101/0001-70"),
            ("CNPJ 1AB28171000171", "1AB28171000171"),
        ],
        near_misses: &[
            "empresa 80.956.101/0001-71",
            "CNPJ 7-1AB28171000171-2",
            "lote 80956101000170",
        ],
        ..NATIONAL
    },
    Rule {
        id: "mx-curp",
        what: "CURP (Mexico)",
        source: "RENAPO, Instructivo normativo para la asignación de la CURP; not confirmed",
        how: number(&[], &["LLLLddddddLLLLLLAd"], &["curp", "CURP"]),
        pattern: r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d",
        check: Some(Check(america::mexico_curp)),
        examples: &[
            ("CURP: GAMA800910HDFKRA68", "GAMA800910HDFKRA68"),
            ("\"curp\":\"PECV930511MJCBCS78\"", "PECV930511MJCBCS78"),
        ],
        near_misses: &[
            "CURP: GAMA800910HDFKRA69",
            "\"curp\":\"PECV930511MJCBCS789\"",
        ],
        ..NATIONAL
    },
    Rule {
        id: "cl-rut",
        what: "RUT (Chile)",
        source: "Servicio de Impuestos Internos, RUT; not confirmed",
        how: number(
            &[
                "dd.ddd.ddd-d",
                "dd.ddd.ddd-K",
                "dd.ddd.ddd-k",
                "d.ddd.ddd-d",
                "d.ddd.ddd-K",
                "d.ddd.ddd-k",
            ],
            &[
                "dddddddd-d",
                "dddddddd-K",
                "dddddddd-k",
                "ddddddd-d",
                "ddddddd-K",
                "ddddddd-k",
            ],
            &["rut", "RUT"],
        ),
        pattern: r"\d{1,2}\.?\d{3}\.?\d{3}-[\dKk]",
        check: Some(Check(america::chile_rut)),
        examples: &[
            ("cliente 10.346.761-6", "10.346.761-6"),
            ("RUT 38434416-K", "38434416-K"),
        ],
        near_misses: &[
            "cliente 10.346.761-7",
            "RUT 7-38434416-K-2",
            "lote 10346761-6",
        ],
        ..NATIONAL
    },
    Rule {
        id: "ar-cuit",
        what: "CUIT or CUIL (Argentina)",
        source: "ARCA, CUIT; not confirmed",
        how: number(&["dd-dddddddd-d"], &["ddddddddddd"], &["cuit", "cuil"]),
        pattern: r"\d{2}-?\d{8}-?\d",
        check: Some(Check(america::argentina_cuit)),
        examples: &[
            ("emisor 20-35857203-1", "20-35857203-1"),
            ("CUIL 20390777508", "20390777508"),
        ],
        near_misses: &[
            "emisor 20-35857203-2",
            "CUIL 7-20390777508-2",
            "lote 20390777508",
        ],
        ..NATIONAL
    },
    Rule {
        id: "in-aadhaar",
        what: "Aadhaar number (India)",
        source: "UIDAI, A UID Numbering Scheme; not confirmed",
        how: number(
            &["dddd dddd dddd", "dddd-dddd-dddd"],
            &["dddddddddddd"],
            &["aadhaar", "aadhar", "uidai"],
        ),
        pattern: r"\d{4}[- ]?\d{4}[- ]?\d{4}",
        check: Some(Check(asia::india_aadhaar)),
        examples: &[
            ("holder 3518 9389 3681", "3518 9389 3681"),
            ("aadhaar_number: 748987989189", "748987989189"),
        ],
        near_misses: &[
            "holder 3518 9389 3682",
            "aadhaar_number: 7-748987989189-2",
            "4111 1111 1111 1111 is a card",
            "row 748987989189",
        ],
        ..NATIONAL
    },
    Rule {
        id: "in-pan",
        what: "permanent account number (India)",
        source: "Income Tax Department of India, PAN; not confirmed",
        how: number(
            &[],
            &["LLLLLddddL"],
            &[
                "PAN",
                "pan number",
                "pan card",
                "pan no",
                "permanent account",
            ],
        ),
        pattern: r"[A-Z]{5}\d{4}[A-Z]",
        check: Some(Check(asia::india_pan)),
        examples: &[
            ("PAN: ACUPA7085R", "ACUPA7085R"),
            ("Permanent Account Number BKQPS4821M", "BKQPS4821M"),
        ],
        near_misses: &["PAN: ACUXA7085R", "Permanent Account Number BKQPS4821M9"],
        ..NATIONAL
    },
    Rule {
        id: "cn-resident-id",
        what: "resident identity number (China)",
        source: "GB 11643-1999; not confirmed",
        how: number(&["dddddddddddddddddA"], &[], &[]),
        pattern: r"\d{17}[\dX]",
        check: Some(Check(asia::china_resident)),
        examples: &[
            ("客户110105198205189863。", "110105198205189863"),
            ("ID 44030519880610173X", "44030519880610173X"),
        ],
        near_misses: &["客户110105198205189864。", "ID 7-44030519880610173X-2"],
        ..NATIONAL
    },
    Rule {
        id: "kr-rrn",
        what: "resident registration number (South Korea)",
        source: "Resident Registration Act, enforcement rule; not confirmed",
        how: number(
            &["dddddd-ddddddd"],
            &["ddddddddddddd"],
            &["rrn", "RRN", "resident registration"],
        ),
        pattern: r"\d{6}-?\d{7}",
        check: Some(Check(asia::korea_resident)),
        examples: &[
            ("member 820315-1731187", "820315-1731187"),
            ("RRN 8903171278767", "8903171278767"),
        ],
        near_misses: &[
            "member 820315-1731188",
            "RRN 7-8903171278767-2",
            "at 8903171278767",
        ],
        ..NATIONAL
    },
    Rule {
        id: "jp-my-number",
        what: "individual number (Japan)",
        source: "Ordinance 85 of 2014 of the Ministry of Internal Affairs, article 5; not confirmed",
        how: number(
            &[],
            &["dddd dddd dddd", "dddd-dddd-dddd", "dddddddddddd"],
            &["my number", "individual number"],
        ),
        pattern: r"\d{4}[- ]?\d{4}[- ]?\d{4}",
        check: Some(Check(asia::japan_individual)),
        examples: &[
            ("My Number: 3504 5818 5493", "3504 5818 5493"),
            ("\"myNumber\":\"576527215969\"", "576527215969"),
        ],
        near_misses: &[
            "My Number: 3504 5818 5494",
            "\"myNumber\":\"7-576527215969-2\"",
            "row 576527215969",
        ],
        ..NATIONAL
    },
    Rule {
        id: "tr-identity",
        what: "identity number (Turkey)",
        source: "General Directorate of Civil Registration; not confirmed",
        how: number(&[], &["ddddddddddd"], &["kimlik", "tckn", "tc no"]),
        pattern: r"\d{11}",
        check: Some(Check(asia::turkey_identity)),
        examples: &[
            ("T.C. Kimlik No: 56157793654", "56157793654"),
            ("tckn=41048584060", "41048584060"),
        ],
        near_misses: &[
            "T.C. Kimlik No: 56157793655",
            "tckn=7-41048584060-2",
            "key 56157793654",
        ],
        ..NATIONAL
    },
    Rule {
        id: "th-identity",
        what: "identity number (Thailand)",
        source: "Department of Provincial Administration; not confirmed",
        how: number(
            &["d-dddd-ddddd-dd-d"],
            &["ddddddddddddd"],
            &["thai id", "thai national"],
        ),
        pattern: r"\d-?\d{4}-?\d{5}-?\d{2}-?\d",
        check: Some(Check(asia::thailand_identity)),
        examples: &[
            ("holder 3-1006-00445-63-5", "3-1006-00445-63-5"),
            ("Thai ID 1234545678781", "1234545678781"),
        ],
        near_misses: &[
            "holder 3-1006-00445-63-6",
            "Thai ID 7-1234545678781-2",
            "at 1234545678781",
        ],
        ..NATIONAL
    },
    Rule {
        id: "il-identity",
        what: "identity number (Israel)",
        source: "Population and Immigration Authority; not confirmed",
        how: number(
            &[],
            &["ddddddddd", "dddddddd-d"],
            &["teudat", "zehut", "israeli id"],
        ),
        pattern: r"\d{8}-?\d",
        check: Some(Check(asia::israel_identity)),
        examples: &[
            ("teudat zehut 254325418", "254325418"),
            ("Israeli ID: 83518574-5", "83518574-5"),
        ],
        near_misses: &[
            "teudat zehut 254325419",
            "Israeli ID: 7-83518574-5-2",
            "row 254325418",
        ],
        ..NATIONAL
    },
    Rule {
        id: "au-tax-file-number",
        what: "tax file number (Australia)",
        source: "Australian Taxation Office, TFN; not confirmed",
        how: number(
            &[],
            &["ddd ddd ddd", "ddddddddd", "ddd-ddd-ddd"],
            &["tfn", "TFN", "tax file"],
        ),
        pattern: r"\d{3}[- ]?\d{3}[- ]?\d{3}",
        check: Some(Check(south::australia_tax_file)),
        examples: &[
            ("TFN: 355 208 101", "355 208 101"),
            ("tax_file_number=935660932", "935660932"),
        ],
        near_misses: &[
            "TFN: 355 208 102",
            "tax_file_number=7-935660932-2",
            "row 355 208 101",
        ],
        ..NATIONAL
    },
    Rule {
        id: "au-medicare",
        what: "Medicare card number (Australia)",
        source: "Services Australia, Medicare card; not confirmed",
        how: number(
            &["dddd ddddd d"],
            &["dddddddddd", "dddd-ddddd-d"],
            &["medicare"],
        ),
        pattern: r"\d{4}[- ]?\d{5}[- ]?\d",
        check: Some(Check(south::australia_medicare)),
        examples: &[
            ("card 3287 54698 1", "3287 54698 1"),
            ("Medicare: 5606361322", "5606361322"),
        ],
        near_misses: &[
            "card 3287 54699 1",
            "Medicare: 7-5606361322-2",
            "row 5606361322",
        ],
        ..NATIONAL
    },
    Rule {
        id: "za-identity",
        what: "identity number (South Africa)",
        source: "Department of Home Affairs; not confirmed",
        how: number(
            &["ddddddddddddd", "dddddd dddd ddd", "dddddd dddd dd d"],
            &[],
            &[],
        ),
        pattern: r"\d{6} ?\d{4} ?\d{2} ?\d",
        check: Some(Check(south::south_africa_identity)),
        examples: &[
            ("ID 8005195006086", "8005195006086"),
            ("buyer 870113 5368 087", "870113 5368 087"),
        ],
        near_misses: &[
            "ID 8005195006087",
            "buyer 7-870113 5368 087-2",
            "at 1763805047123 ms",
        ],
        ..NATIONAL
    },
];
