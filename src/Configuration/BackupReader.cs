using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[backup]</c>.</summary>
internal static partial class BackupReader
{
    public static BackupSettings Read(ConfigurationValues values, string file)
    {
        var name = values.Get(Schema.Name) ?? Path.GetFileNameWithoutExtension(file);
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > 100 || name[0] == '.'
            || name.Contains('/', StringComparison.Ordinal))
            values.Add(Schema.Name,
                $"expected at most 100 bytes, no '/' and no leading '.', found '{PlainText.Excerpt(name)}'",
                values.Has(Schema.Name) ? null : "without name, the file's name is used");

        var instance = values.Get(Schema.Instance) ?? Dns.GetHostName();
        var archive = values.Get(Schema.Archive) ?? DefaultArchive(name, instance);
        if (ArchiveTemplate.Parse(archive, out var problem) is { } template)
        {
            if (!template.VariesByRun)
                values.Add(Schema.Archive, "gives every archive the same name, so every run but the first would fail",
                    "add '{utcnow:%Y-%m-%dT%H:%M:%SZ}'");
        }
        else
        {
            values.Add(Schema.Archive, problem!);
        }

        var compression = values.Get(Schema.Compression)!;
        if (!CompressionSpec().IsMatch(compression))
            values.Mismatch(Schema.Compression, "none, lz4, zstd (with a level up to 22, as in 'zstd,10'), "
                + "zlib or lzma (up to 9), optionally after 'auto,'", compression);

        var excludeIfPresent = values.Text(Schema.ExcludeIfPresent);
        if (excludeIfPresent?.Contains('/', StringComparison.Ordinal) == true)
            values.Mismatch(Schema.ExcludeIfPresent, "the name of a file, without '/'", excludeIfPresent);

        return new BackupSettings(
            name, instance, archive, compression,
            values.Get(Schema.Interval), values.Get(Schema.RunLockWait), values.Get(Schema.PathsMustExist),
            values.Get(Schema.Accept) ?? [], values.Get(Schema.OneFileSystem), values.Get(Schema.ExcludeCaches),
            values.Get(Schema.ExcludeNodump),
            excludeIfPresent, values.Get(Schema.ShutdownTimeout))
        {
            QuickStats = values.Get(Schema.QuickStats),
        };
    }

    /// <summary>The two labels that identify the backup in Prometheus, and the time in UTC: no change of the clock
    /// repeats a name.</summary>
    private static string DefaultArchive(string name, string instance) =>
        $"{ArchiveTemplate.Literal($"{name}@{instance}")}-{{utcnow:%Y-%m-%dT%H:%M:%SZ}}";

    [GeneratedRegex(
        @"\A(obfuscate,[0-9]{1,3},)?(auto,)?(none|lz4|zstd(,([1-9]|1[0-9]|2[0-2]))?|(zlib|lzma)(,[0-9])?)\z")]
    private static partial Regex CompressionSpec();
}
