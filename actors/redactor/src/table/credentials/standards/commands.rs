//! Passwords on command lines, in calls and in files of tools, by what stands before them.

use crate::table::credentials::looks::{has_digit, is_mixed_case, is_password, stands_out};
use crate::table::credentials::rows::{example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "sshpass",
        "password of sshpass",
        "sshpass(1); not confirmed",
        r#"sshpass -p ?['"]?(?<secret>[^\s'"`$<>{}|;&\\]{6,128})"#,
        &[
            example!("sshpass -p '" ["Tr0", "ub4dor-77"] "' ssh root@host"),
            example!("sshpass -p" ["Tr0", "ub4dor-77"] " scp"),
        ],
        &[r#"sshpass -p "$PASS" ssh host"#, "sshpass -p ${PASS}"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "sql-identified",
        "password of a user of a database in SQL",
        "dev.mysql.com, CREATE USER; docs.oracle.com, CREATE USER; not confirmed",
        concat!(
            "(?i)(?:identified by |native_password by |sha2_password by |",
            r#"= password\()['"](?<secret>[^\s'"`$<>{}|;&\\]{6,128})['"]"#
        ),
        &[
            example!("CREATE USER me IDENTIFIED BY '" ["Tr0", "ub4dor-77"] "';"),
            example!("SET PASSWORD FOR me = PASSWORD('" ["Tr0", "ub4dor-77"] "')"),
        ],
        &["IDENTIFIED BY '<password>'", "identified by a number"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "basic-auth-call",
        "password given to a call for basic authentication",
        "learn.microsoft.com, NetworkCredential; requests.readthedocs.io; not confirmed",
        concat!(
            r"(?:NetworkCredential\(|HTTPBasicAuth\(|HttpBasicAuth\(|basic",
            r#"Auth\(|BasicAuth\(|basic_auth\(|auth=\(|auth\()["'][^"'\s]{1"#,
            r#",64}["'], ?["'](?<secret>[^\s'"`$<>{}|;&\\]{6,128})["']"#
        ),
        &[
            example!("requests.get(u, auth=('me', '" ["Tr0", "ub4dor-77"] "'))"),
            example!(r#"new NetworkCredential("me@x.io", ""# ["Tr0", "ub4dor-77"] r#"")"#),
        ],
        &[
            r#"auth=("user", "password")"#,
            r#"HTTPBasicAuth("me", password)"#,
        ],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "connect-call",
        "password given to a call that connects to a database",
        "docs.oracle.com, DriverManager; php.net, mysqli_connect; not confirmed",
        concat!(
            r"(?:getConnection\(|mysqli_connect\(|new mysqli\(|mysql_conne",
            r#"ct\(|new PDO\()["']?[^"'\s,()]{1,256}["']?, ?["'][^"'\s]{1,6"#,
            r#"4}["'], ?["'](?<secret>[^\s'"`$<>{}|;&\\]{6,128})["']"#
        ),
        &[
            example!(
                r#"DriverManager.getConnection(url, "me", ""# [
                    "Tr0",
                    "ub4dor-77",
                ] r#"")"#
            ),
            example!(r#"mysqli_connect("h", "me", ""# ["Tr0", "ub4dor-77"] r#"", "db")"#),
        ],
        &[
            r#"getConnection(url, "me", password)"#,
            r#"mysqli_connect("localhost", "root", "")"#,
        ],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "secure-string",
        "password made a SecureString in PowerShell",
        "learn.microsoft.com, ConvertTo-SecureString; not confirmed",
        r#"(?i)convertto-securestring (?:-string )?["'](?<secret>[^"'$\s]{6,128})["']"#,
        &[example!(
            r#"ConvertTo-SecureString ""# [
                "Tr0",
                "ub4dor-77",
            ] r#"" -AsPlainText -Force"#
        )],
        &[
            r#"ConvertTo-SecureString "$env:PW" -AsPlainText"#,
            "ConvertTo-SecureString $pw",
        ],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "pgpass",
        "password in a .pgpass file",
        "postgresql.org/docs, the password file; not confirmed",
        r#"(?::5432:|:5433:|:6432:)[^\s:]{1,64}:[^\s:]{1,64}:(?<secret>[^\s:"'$<>{}]{6,128})"#,
        &[example!("db.corp.test:5432:shop:me:" ["Tr0", "ub4dor-77"] "")],
        &["0.0.0.0:5432:5432", "host:5432:db:user:password"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "oracle-thin",
        "password in an address of Oracle",
        "docs.oracle.com, JDBC, database URLs; not confirmed",
        r#"thin:[0-9A-Za-z_]{1,30}/(?<secret>[^\s@/"'$<>{}]{6,64})@[^\s]{1,64}"#,
        &[example!("jdbc:oracle:thin:scott/" ["Tr0", "ub4dor-77"] "@h:1521:x")],
        &[
            "jdbc:oracle:thin:scott/tiger@h:1521:x",
            "jdbc:oracle:thin:@h:1521:x",
        ],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "mysql-option",
        "password of an option of MySQL tools",
        "dev.mysql.com, option -p; not confirmed",
        concat!(
            "(?:mysql -u|mysqldump -u|mysqladmin -u|mariadb -u) ?[0-9A-Za",
            r#"-z_]{1,32} -p['"]?(?<secret>[^\s'"`$<>{}|;&\\]{6,128})"#
        ),
        &[
            example!("mysql -u root -p" ["Tr0", "ub4dor-77"] " db"),
            example!("mysqldump -uroot -p'" ["Tr0", "ub4dor-77"] "' db"),
        ],
        &["mysql -u root -p db", "mysql -uroot -p$PASS db"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "client-option",
        "password of an option of clients",
        "learn.microsoft.com, sqlcmd; samba.org, smbclient(1); not confirmed",
        r#"-U ['"]?[0-9A-Za-z_./\\]{1,64}(?:%| -P )['"]?(?<secret>[^\s'"`$<>{}|;&\\%]{6,128})"#,
        &[
            example!("sqlcmd -S x -U sa -P " ["Tr0", "ub4dor-77"] ""),
            example!("smbclient //h/s -U me%" ["Tr0", "ub4dor-77"] ""),
        ],
        &["psql -U postgres -P pager=off", "sqlcmd -U sa -P $PASS"],
    )
    .floor(0.0)
    .checked(stands_out),
    token_anywhere(
        "redis-option",
        "password of an option of redis-cli",
        "redis.io/docs, redis-cli; not confirmed",
        r#"redis-cli -(?:a |h [^\s]{1,64} -a )['"]?(?<secret>[^\s'"`$<>{}|;&\\]{6,128})"#,
        &[
            example!("redis-cli -a " ["Tr0", "ub4dor-77"] " ping"),
            example!("redis-cli -h cache -a " ["Tr0", "ub4dor-77"] " ping"),
        ],
        &["redis-cli -a $PASS", "redis-cli -h cache -p 6379"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "store-option",
        "password of a store of keys, or of an archive",
        "docs.oracle.com, keytool; zip(1); not confirmed",
        concat!(
            "(?:-storepass |-keypass |-srcstorepass |-deststorepass |zip ",
            r#"-P |7z a -p|7z x -p)['"]?(?<secret>[^\s'"`$<>{}|;&\\]{6,128}"#,
            ")"
        ),
        &[
            example!("keytool -storepass " ["Tr0", "ub4dor-77"] " -list"),
            example!("zip -P " ["Tr0", "ub4dor-77"] " x.zip y"),
        ],
        &["keytool -storepass changeit", "-keypass $PASS"],
    )
    .floor(0.0)
    .checked(stands_out),
    token_anywhere(
        "ldap-option",
        "password of an option of LDAP tools",
        "ldapsearch(1); not confirmed",
        r#"-D ['"]?[^\s'"]{3,128}['"]? -w ['"]?(?<secret>[^\s'"`$<>{}|;&\\]{6,128})"#,
        &[example!("ldapsearch -D cn=admin -w " ["Tr0", "ub4dor-77"] " x")],
        &["ldapsearch -D cn=admin -w $PW", "-D FOO=1 -w warnings"],
    )
    .floor(0.0)
    .checked(stands_out),
    token_anywhere(
        "login-command",
        "key given to a command that logs in",
        "doc.rust-lang.org/cargo, cargo login; developer.hashicorp.com, vault login; not confirmed",
        concat!(
            "(?:vault login |cargo login |nuget setapikey |doctl auth ini",
            "t -t |npm token add )(?<secret>[0-9A-Za-z._-]{20,})"
        ),
        &[example!("cargo login " ["zES", "Co4uX30ernua0ShkSLJmYaFg8RGGr34s"] "")],
        &[
            "cargo login registry-of-the-company",
            "vault login -method=userpass",
        ],
    )
    .floor(0.0)
    .checked(is_mixed_case),
    token_anywhere(
        "user-secrets",
        "value for dotnet user-secrets",
        "learn.microsoft.com/aspnet/core, app secrets; not confirmed",
        r#"user-secrets set ["'][^"']{1,64}["'] ["'](?<secret>[^\s"'$<>{}]{8,256})["']"#,
        &[example!(
            r#"dotnet user-secrets set "Api:Secret" ""# [
                "vep",
                "UcyzAPJjtDO1VqhqjmOhA",
            ] r#"""#
        )],
        &[
            r#"dotnet user-secrets set "Api:Name" "shop""#,
            r#"dotnet user-secrets set "A:B" "$X""#,
        ],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "network-device",
        "password or community in the configuration of a network device",
        "cisco.com, IOS security commands; not confirmed",
        concat!(
            "(?:password 0 |password 7 |secret 0 |key 7 |snmp-server comm",
            r#"unity )(?<secret>[^\s"'$<>]{6,64})"#
        ),
        &[
            example!("username admin privilege 15 password 0 " ["Tr0", "ub4dor-77"] ""),
            example!("snmp-server community " ["Tr0", "ub4dor-77"] " RO"),
        ],
        &["snmp-server community public RO", "password 0 or 7"],
    )
    .floor(0.0)
    .checked(is_password),
    token_anywhere(
        "jenkins-setup",
        "first password of Jenkins",
        "jenkins.io/doc, unlocking Jenkins; not confirmed",
        r"(?:proceed to installation:|initialAdminPassword: )[\s]{0,8}(?<secret>[0-9a-f]{32})",
        &[example!(
            "Please use the following password to proceed to installation:\n\n" [
                "957",
                "790b41f2bd0735ccb9a54962dff52",
            ] ""
        )],
        &[
            "proceed to installation: next",
            "initialAdminPassword: path",
        ],
    )
    .floor(0.0)
    .checked(has_digit),
    token(
        "login-pair",
        "name and password said in one",
        "names as in chats; not confirmed",
        concat!(
            "(?i)(?:credentials|creds|login|logins|zugangsdaten)(?:: | ar",
            r#"e | is )[0-9A-Za-z_.@-]{1,48}(?: / |/|:)(?<secret>[^\s"'`$<>"#,
            r"{}()/:,;\\]{8,64})"
        ),
        &[
            example!("creds: me/" ["Tr0", "ub4dor-77"] ""),
            example!("login: me@x.io / " ["Tr0", "ub4dor-77"] ""),
        ],
        &["login: /api/v2/session", "credentials are user:password"],
    )
    .floor(0.0)
    .checked(stands_out),
    token_anywhere(
        "windows-account",
        "password of an account of Windows on a command line",
        "learn.microsoft.com, net use; freerdp.com; not confirmed",
        r#"(?:/user:|/u:)[^\s"'/]{1,64} (?:/p:)?(?<secret>[^\s"'/*$%<>]{6,64})"#,
        &[
            example!(r"net use X: \\h\s /user:me " ["Tr0", "ub4dor-77"] ""),
            example!("xfreerdp /u:me /p:" ["Tr0", "ub4dor-77"] " /v:h"),
        ],
        &["runas /user:admin cmd", "net use /user:me *"],
    )
    .floor(0.0)
    .checked(stands_out),
];
