namespace Assimilator.Tests.Support;

/// <summary>What the program says of mistakes that can be made in more than one place, word for word.</summary>
internal static class Refusals
{
    public const string NoEquals = "expected 'key = value', found a line without '='";
    public const string NoEqualsHint =
        "hint: start a comment with ';' or '#'; a value cannot continue on the next line";
    public const string OpenHeader = "expected a section header like '[backup]', found '[' without ']' at the end";
    public const string OpenHeaderHint =
        "hint: move the comment to its own line";
    public const string NoHeader = "expected a section header like '[backup]' before the first key";
    public const string DuplicateHint = "hint: keep one of them; in a list, give each value its own label";
    public const string Comment = "inline comments are not supported";
    public const string CommentHint =
        "hint: move the comment to its own line, or put the whole value in double quotes";
    public const string WordCommentHint =
        "hint: move the comment to its own line, or put it in double quotes";
    public const string OpenQuote = "has an unclosed quote, or a backslash at the end";
    public const string NoVariable = "expected '${NAME}' with the name of a variable";
    public const string DollarHint = "hint: write a literal dollar as '$$'";

    public const string UnknownSection = "unknown section";
    public const string SectionsHint = "hint: known: backup, repository, hooks, retention, check, pushgateway, textfile, "
        + "logging, borg, state, include, paths, excludes, patterns, streams, preexec, postexec, labels";
    public const string HiddenKey = "unknown key (not shown, it could be part of a secret)";
    public const string BackupKeysHint = "hint: known here: name, instance, archive, compression, interval, lock_wait, paths_must_exist, "
        + "accept, quick_stats, one_file_system, exclude_caches, exclude_nodump, exclude_if_present, shutdown_timeout";
    public const string RepositoryKeysHint = "hint: known here: location, passphrase, passphrase_file, passcommand, "
        + "identity_file, rsh, remote_path, lock_wait, connect_wait, append_only";
    public const string PushgatewayKeysHint = "hint: known here: url, job, username, password, "
        + "password_file, bearer_token_file, ca_file, client_cert_file, client_key_file, timeout, retries";

    public const string Flag = "expected 'true' or 'false', found ";
    public const string Duration =
        "expected a duration like '30s', '15m', '24h' or '1h30m', more than 0 and at most ten years";
    public const string Interval =
        "expected a duration like '30s', '15m', '24h' or '1h30m', at least a minute (hours are '24h')";
    public const string Compression = "expected none, lz4, zstd (with a level up to 22, as in 'zstd,10'), "
        + "zlib or lzma (up to 9), optionally after 'auto,', found ";
    public const string Keep = "expected a whole number from -1 to 1000000, found ";
    public const string Location = "expected an absolute path or 'ssh://user@host:port/path'";
    public const string Absolute = "expected an absolute path";
    public const string AbsoluteHint = "hint: cron and systemd use another working directory; "
        + "write the path from '/', or '${HOME}/…'";
    public const string NoPaths = "expected at least one path, such as 'etc = /etc'";
    public const string BaseUrl = "expected 'http://host:port' or 'https://host:port'";
    public const string PortHint = "hint: a port is a number up to 65535";
    public const string SchemeHint = "hint: start it with http:// or https://";
    public const string Script = "expected the absolute path of an executable first";
    public const string ScriptHint =
        "hint: commands run without a shell; for a pipe write: /bin/bash -c 'set -o pipefail; …'";
}
