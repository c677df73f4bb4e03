//! The words that the two halves of the corpus are written with. They share none.

/// What people, machines, variables and weak passwords are called in one half.
pub(super) struct Words {
    pub(super) first_names: &'static [&'static str],
    pub(super) last_names: &'static [&'static str],
    pub(super) mail_domains: &'static [&'static str],
    pub(super) users: &'static [&'static str],
    pub(super) hosts: &'static [&'static str],
    pub(super) projects: &'static [&'static str],
    /// Names of variables that hold a password.
    pub(super) password_names: &'static [&'static str],
    /// Names of variables that hold a token or key of no known vendor.
    pub(super) token_names: &'static [&'static str],
    /// What weak passwords are made from.
    pub(super) weak: &'static [&'static str],
}

pub(super) const TUNE: Words = Words {
    first_names: &[
        "anna", "mark", "julia", "tom", "priya", "lena", "carlos", "emma", "david", "sofia",
    ],
    last_names: &[
        "miller", "schmidt", "garcia", "rossi", "patel", "jansen", "novak", "dubois", "brown",
        "silva",
    ],
    mail_domains: &[
        "northwind-traders.com",
        "gmail.com",
        "kestrel-labs.io",
        "posteo.de",
        "brightpath.org",
    ],
    users: &[
        "app",
        "admin",
        "deploy",
        "svc_billing",
        "root",
        "reporting",
        "airflow",
    ],
    hosts: &[
        "db.prod.northwind-traders.com",
        "cache-1.internal",
        "pg-main.kestrel-labs.io",
        "queue.brightpath.org",
    ],
    projects: &[
        "billing-api",
        "web-shop",
        "kestrel",
        "invoice-sync",
        "data-pipeline",
    ],
    password_names: &[
        "DB_PASSWORD",
        "PASSWORD",
        "ADMIN_PASSWORD",
        "REDIS_PASSWORD",
        "SMTP_PASSWORD",
        "DB_PASS",
        "LDAP_BIND_PASSWORD",
        "KEYSTORE_PASSWORD",
        "USER_PASSWORD",
    ],
    token_names: &[
        "API_KEY",
        "SECRET_KEY",
        "ACCESS_TOKEN",
        "AUTH_TOKEN",
        "CLIENT_SECRET",
        "JWT_SECRET",
        "SESSION_SECRET",
        "ENCRYPTION_KEY",
        "WEBHOOK_SECRET",
        "SERVICE_TOKEN",
        "PRIVATE_TOKEN",
    ],
    weak: &[
        "Summer", "Welcome", "Dragon", "letmein", "Qwerty", "hunter", "Football", "monkey",
    ],
};

pub(super) const HELD_OUT: Words = Words {
    first_names: &[
        "ingrid", "pavel", "yuki", "oliver", "fatima", "mateo", "chloe", "henrik", "aisha", "nora",
    ],
    last_names: &[
        "lindqvist",
        "kowalski",
        "tanaka",
        "hughes",
        "haddad",
        "fernandez",
        "moreau",
        "berg",
        "okafor",
        "weber",
    ],
    mail_domains: &[
        "harbourline.net",
        "outlook.com",
        "fjordbank.no",
        "web.de",
        "tessellate.co.uk",
    ],
    users: &[
        "postgres",
        "orders_rw",
        "ci-bot",
        "etl",
        "grafana_ro",
        "sa",
        "mailer",
    ],
    hosts: &[
        "mysql-3.harbourline.net",
        "rds.eu-west-1.fjordbank.no",
        "broker.tessellate.co.uk",
        "warehouse.local",
    ],
    projects: &[
        "tessellate",
        "harbour-cli",
        "ledger",
        "ticket-bot",
        "fleet-manager",
    ],
    password_names: &[
        "POSTGRES_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "MAIL_PASSWORD",
        "PASSWD",
        "SPRING_DATASOURCE_PASSWORD",
        "FTP_PASS",
        "SUDO_PASSWORD",
        "TRUSTSTORE_PASSWORD",
        "WIFI_PASSPHRASE",
    ],
    token_names: &[
        "APP_SECRET",
        "BEARER_TOKEN",
        "SIGNING_KEY",
        "REFRESH_TOKEN",
        "INTERNAL_API_TOKEN",
        "COOKIE_SECRET",
        "PARTNER_API_KEY",
        "MASTER_KEY",
        "OAUTH_CLIENT_SECRET",
        "HMAC_SECRET",
        "DEPLOY_TOKEN",
    ],
    weak: &[
        "Winter",
        "Passw0rd",
        "Liverpool",
        "iloveyou",
        "Asdfgh",
        "trustno",
        "Baseball",
        "sunshine",
    ],
};
