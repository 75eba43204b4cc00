using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>Finds out who holds the lock of a local repository, by the files of borg 1.</summary>
internal static partial class LockHolder
{
    /// <summary>Says who holds the lock: borg itself says nothing while it waits for it.</summary>
    /// <param name="severity">Decides where it is said.</param>
    /// <returns>Who does, if somebody does and it can be seen from this host.</returns>
    public static string? Announce(
        RepositorySettings repository, RunContext context, LogLevel severity = LogLevel.Info)
    {
        if (repository.IsRemote || Find(repository.Location, context) is not { } holder)
            return null;
        context.Messages.Say(severity, $"{holder}: borg waits up to {Quantities.Duration(repository.LockWait)}");
        return holder;
    }

    /// <summary>The same as <see cref="Of"/>; null, too, if the file server does not answer.</summary>
    public static string? Find(string location, RunContext context) =>
        BoundedLook.TryLook(() => Of(location), context.Interruption, out var holder) ? holder : null;

    /// <summary>Who holds the lock since when, as a sentence; null if nobody does, or a process of this host that has
    /// ended: borg removes such a lock itself.</summary>
    public static string? Of(string location)
    {
        try
        {
            var exclusive = new DirectoryInfo(Path.Combine(location, "lock.exclusive"));
            var roster = new FileInfo(Path.Combine(location, "lock.roster"));
            var holders = exclusive.Exists
                ? exclusive.EnumerateFiles()
                    .Select(file => (Match: FileName().Match(file.Name), Time: file.LastWriteTimeUtc))
                : [];
            if (roster.Exists)
                holders = holders.Concat(RosterEntry().Matches(File.ReadAllText(roster.FullName))
                    .Select(match => (match, roster.LastWriteTimeUtc)));
            return holders.Where(holder => holder.Match.Success && !IsGone(holder.Match))
                .Select(holder => string.Create(CultureInfo.InvariantCulture,
                    $"{location} is locked by process {holder.Match.Groups["pid"]} on {holder.Match.Groups["host"]} "
                    + $"since {holder.Time:yyyy-MM-dd HH:mm:ss}Z"))
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsGone(Match holder) =>
        holder.Groups["host"].Value.Split('.')[0] == Dns.GetHostName().Split('.')[0]
        && Directory.Exists("/proc/self") && !Directory.Exists($"/proc/{holder.Groups["pid"].Value}");

    [GeneratedRegex(@"\A(?<host>.+)@[0-9]+\.(?<pid>[0-9]+)-[0-9]+\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"""(?<host>[^""]+)@[0-9]+"", (?<pid>[0-9]+), [0-9]+")]
    private static partial Regex RosterEntry();
}
