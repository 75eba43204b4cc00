namespace Assimilator.Reporting;

/// <summary>What the fields of <see cref="StatusJson"/> mean.</summary>
internal static class StatusFields
{
    public const string Conventions =
        "Times are RFC 3339 in UTC, durations are in whole seconds, and sizes in bytes. A field that is not known or "
        + "does not apply is left out. New versions may add fields.";

    public static readonly IReadOnlyList<(string Field, string Meaning)> All =
    [
        ("status", "the worst of all backups: ok, warning or critical"),
        ("time", "when the states were read"),
        ("backups[]", "each backup, in the order of the configurations"),
        ("  name", "its name"),
        ("  status", "ok, warning or critical"),
        ("  configuration_file", "its configuration"),
        ("  messages[]", "what the last run complained about, or what is wrong with the configuration or state"),
        ("  running_since", "when the run in progress started"),
        ("  last_run", "the last run that reported; fields as in runs[]"),
        ("  runs[]", "the last 30 runs, oldest first"),
        ("    started_at", "when it started"),
        ("    duration_seconds", "how long it took"),
        ("    outcome", "success, warning, failure, skipped, misconfigured, interrupted, or lost: it never reported"),
        ("  series[]", "each series of archives: one for each repository and stream"),
        ("    repository", "NAME of [repository.NAME]"),
        ("    stream", "file name in [streams]"),
        ("    location", "of the repository"),
        ("    status", "ok, warning or critical"),
        ("    result", "the same word as in the table"),
        ("    last_success", "when an archive was last created"),
        ("    interval_seconds", "how often an archive should be created"),
        ("    next_due", "when the next archive is due"),
        ("    is_overdue", "true when the alert fires"),
        ("    runs_without_archive", "how many runs in a row have created no archive"),
        ("    archive_count", "how many archives still exist"),
        ("    newest_archive", "the newest that still exists; fields as in created_archives[]"),
        ("    created_archives[]", "the last 30 that were created, including those pruned since, oldest first"),
        ("      name", "its name"),
        ("      started_at", "when the run that created it started"),
        ("      duration_seconds", "how long borg create took"),
        ("      original_size", "as borg reports it"),
        ("      compressed_size", "as borg reports it"),
        ("      deduplicated_size", "new data, as borg reports it"),
        ("      nfiles", "number of files"),
        ("    last_check", "the last check of the repository"),
        ("      ended_at", "when it ended"),
        ("      return_code", "of borg check: 0 is no damage"),
        ("      duration_seconds", "how long it took"),
        ("    check_interval_seconds", "how often to check"),
        ("    last_verify_data", "when a check last read all data"),
        ("    last_restore", "the last restore drill"),
        ("      ended_at", "when it ended"),
        ("      return_code", "0 is good"),
        ("      verified", "files that match their source"),
        ("      read", "files that could be read, but not compared"),
        ("      unreadable", "files that could not be read"),
        ("      differing", "files that differ from their unchanged source"),
        ("    restore_interval_seconds", "how often to read files back"),
        ("    damaged_since", "when the repository was found to be damaged"),
        ("    is_prune_held", "true while pruning waits for `assimilator prune`"),
        ("    prune_hold", "why, unless it is the first prune"),
        ("      since", "when it began"),
        ("      reason", "why"),
    ];
}
