using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[backup]</c>.</summary>
internal static partial class BackupReader
{
    public static BackupSettings Read(ConfigurationValues values, string file)
    {
        var name = values.Text(ConfigurationKeys.Name) ?? Path.GetFileNameWithoutExtension(file);
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > 100 || name[0] == '.' || name.Contains('/', StringComparison.Ordinal))
            values.Add(ConfigurationKeys.Name,
                $"expected at most 100 bytes, without '/' and without '.' in front, found '{PlainText.Excerpt(name)}'",
                values.Has(ConfigurationKeys.Name) ? null : "the name of the file is used when there is no name");

        var archive = values.Text(ConfigurationKeys.Archive) ?? ConfigurationKeys.Archive.Default;
        if (ArchiveTemplate.Parse(archive, out var problem) is { } template)
        {
            if (!template.VariesByRun)
                values.Add(ConfigurationKeys.Archive, "gives every archive the same name, so every run but the first would fail",
                    "add '{now:%Y-%m-%dT%H:%M:%S}'");
        }
        else
        {
            values.Add(ConfigurationKeys.Archive, problem!);
        }

        var compression = values.Text(ConfigurationKeys.Compression) ?? ConfigurationKeys.Compression.Default;
        if (!CompressionSpec().IsMatch(compression))
            values.Mismatch(ConfigurationKeys.Compression, "none, lz4, zstd (with a level up to 22, as in 'zstd,10'), "
                + "zlib or lzma (up to 9), and 'auto,' in front if wanted", compression);

        var excludeIfPresent = values.Text(ConfigurationKeys.ExcludeIfPresent);
        if (excludeIfPresent?.Contains('/', StringComparison.Ordinal) == true)
            values.Mismatch(ConfigurationKeys.ExcludeIfPresent, "the name of a file, without '/'", excludeIfPresent);

        return new BackupSettings(
            name, archive, compression,
            ReadInterval(values),
            values.Flag(ConfigurationKeys.PathsMustExist, true),
            values.Flag(ConfigurationKeys.OneFileSystem, false),
            values.Flag(ConfigurationKeys.ExcludeCaches, false),
            values.Flag(ConfigurationKeys.ExcludeNodump, false),
            excludeIfPresent,
            values.Duration(ConfigurationKeys.ShutdownTimeout, null) ?? TimeSpan.FromSeconds(60));
    }

    /// <summary>Nothing is backed up every few seconds: whoever writes <c>24</c> means hours.</summary>
    private static TimeSpan? ReadInterval(ConfigurationValues values)
    {
        var interval = values.Duration(ConfigurationKeys.Interval, null);
        if (interval < TimeSpan.FromMinutes(1))
            values.Add(ConfigurationKeys.Interval, $"expected at least a minute, found {Quantities.Duration(interval.Value)}",
                "a number alone is seconds; hours are '24h'");
        return interval;
    }

    [GeneratedRegex(
        @"\A(obfuscate,[0-9]{1,3},)?(auto,)?(none|lz4|zstd(,([1-9]|1[0-9]|2[0-2]))?|(zlib|lzma)(,[0-9])?)\z")]
    private static partial Regex CompressionSpec();
}
