using System.Globalization;
using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

/// <summary>The defaults that README shows are those that apply.</summary>
public sealed class ConfigurationDefaultsTests
{
    private static readonly BackupConfiguration Read = ConfigurationReader.ReadText(
        "[retention]\ndaily = 1\n[pushgateway]\nurl = http://h", "/etc/web.ini", new Dictionary<string, string>()).Configuration;

    [Fact]
    public void Durations_are_as_shown()
    {
        Assert.Equal(Shown(ConfigurationKeys.LockWait), Read.Repository.LockWait);
        Assert.Equal(Shown(ConfigurationKeys.ShutdownTimeout), Read.Backup.ShutdownTimeout);
        Assert.Equal(Shown(ConfigurationKeys.HookTimeout), Read.Hooks.Timeout);
        Assert.Equal(Shown(ConfigurationKeys.PushTimeout), Read.Pushgateway!.Timeout);
        Assert.All([Read.Borg.CreateTimeout, Read.Borg.PruneTimeout, Read.Borg.CompactTimeout, Read.Backup.Interval], Assert.Null);
        Assert.All([ConfigurationKeys.CreateTimeout, ConfigurationKeys.PruneTimeout, ConfigurationKeys.CompactTimeout],
            key => Assert.Equal("none", key.Default));
    }

    [Fact]
    public void Flags_are_as_shown()
    {
        (ConfigurationKey Key, bool Value)[] flags =
        [
            (ConfigurationKeys.PathsMustExist, Read.Backup.PathsMustExist), (ConfigurationKeys.OneFileSystem, Read.Backup.OneFileSystem),
            (ConfigurationKeys.ExcludeCaches, Read.Backup.ExcludeCaches), (ConfigurationKeys.ExcludeNodump, Read.Backup.ExcludeNodump),
            (ConfigurationKeys.Compact, Read.Retention!.Compact), (ConfigurationKeys.SyslogEnabled, Read.Logging.Syslog),
        ];
        Assert.All(flags, flag => Assert.Equal(flag.Key.Default, flag.Value ? "true" : "false"));
    }

    [Fact]
    public void Words_and_numbers_are_as_shown()
    {
        Assert.Equal(ConfigurationKeys.Archive.Default, Read.Backup.Archive);
        Assert.Equal(ConfigurationKeys.Compression.Default, Read.Backup.Compression);
        Assert.Equal(ConfigurationKeys.Level.Default, Read.Logging.Level.ToString().ToLowerInvariant());
        Assert.Equal(ConfigurationKeys.OnFailure.Default, Read.Hooks.ContinueOnFailure ? "continue" : "abort");
        Assert.Equal(ConfigurationKeys.Retries.Default, Read.Pushgateway!.Retries.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(new("job", ConfigurationKeys.Job.Default), Read.GroupingLabels[0]);
        Assert.Equal(new("backup", "web"), Read.GroupingLabels[2]);
    }

    private static TimeSpan? Shown(ConfigurationKey key) => Durations.Parse(key.Default);
}
