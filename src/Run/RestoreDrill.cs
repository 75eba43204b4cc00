using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>Reads some files of the newest archive back, and compares them with their sources. Nothing is written to
/// disk.</summary>
internal sealed class RestoreDrill(CheckSettings settings, RunContext context, BorgRunner borg)
{
    private const int MostNames = 20;

    private readonly Messages _messages = context.Messages;

    /// <param name="seed">Chooses the files: the same ones once more, as long as the archive is the newest.</param>
    /// <returns>Null if there is nothing to read back, or borg could not be started.</returns>
    public StepResult? Run(ArchiveReference archive, int seed)
    {
        var startedAt = context.Clock.GetTimestamp();
        var sample = new FileSample(settings.RestoreFiles, settings.RestoreBytes, new Random(seed));
        var hasUnreadableLine = false;
        var listed = borg.ListFiles(archive, file =>
        {
            if (file is not null)
                sample.Offer(file);
            hasUnreadableLine |= file is null;
        });
        if (listed is null || listed.Outcome == BorgOutcome.Error)
            return Ended(listed);
        foreach (var path in sample.Unhealthy.Take(MostNames))
            Unreadable(path);
        if (sample.Unhealthy.Count > MostNames)
            _messages.Error($"{Quantities.Count(sample.Unhealthy.Count - MostNames, "more file")} cannot be restored");
        var files = sample.Choose();
        if (files.Count > 0)
            _messages.Info($"reading {Quantities.Count(files.Count, "file")} of {archive.Name} back (seed {seed})");
        if (files.Count > 0 || sample.Unhealthy.Count > 0)
            return Ended(Extract(archive, files, sample.Unhealthy.Count));
        _messages.Warning("nothing was read back: "
            + (hasUnreadableLine ? "borg's list of files cannot be read"
                : sample.WithContents > 0 ? "every file is larger than [check] restore_bytes"
                : "no file in the archive has contents"), isFault: true);
        return null;

        StepResult? Ended(StepResult? result) => result is null ? null
            : result with { Duration = context.Clock.GetElapsedTime(startedAt) };
    }

    /// <summary>All at once. From the first one on that fails, each that fails once more alone.</summary>
    private StepResult? Extract(ArchiveReference archive, IReadOnlyList<ListedFile> files, int unhealthy)
    {
        var facts = new RestoreFacts(0, 0, unhealthy, 0);
        var code = 0;
        for (var place = 0; place < files.Count;)
        {
            IReadOnlyList<ListedFile> rest = [.. files.Skip(place)];
            var all = Extract(archive, rest, isQuiet: true, out var came);
            if (all is not { IsVerdict: true })
                return all;
            Count(came);
            place += came.Count;
            if (place == files.Count)
                break;
            var alone = Extract(archive, [files[place]], isQuiet: false, out came);
            if (alone is not { IsVerdict: true })
                return alone;
            Count(came);
            if (came.IsDifferent)
            {
                facts = facts with { Differing = facts.Differing + 1 };
                _messages.Error($"/{files[place].Path} differs from its source, which has not changed since",
                    "one of the two has been damaged: compare both with an older archive");
            }
            else if (came.Count == 0)
            {
                facts = facts with { Unreadable = facts.Unreadable + 1 };
                code = alone.ReturnCode;
                Unreadable(files[place].Path!);
            }
            place++;
        }
        return new()
        {
            Kind = StepKind.Restore,
            ReturnCode = facts.Failed == 0 ? 0 : Math.Max(code, 1),
            Outcome = facts.Failed == 0 ? BorgOutcome.Success : BorgOutcome.Error,
            Restore = facts,
        };

        void Count(RestoredFiles came) =>
            facts = facts with { Verified = facts.Verified + came.Verified, Read = facts.Read + came.Read };
    }

    private StepResult? Extract(
        ArchiveReference archive, IReadOnlyList<ListedFile> files, bool isQuiet, out RestoredFiles came)
    {
        using var restored = came = new RestoredFiles(files, context.Interruption);
        return borg.Extract(archive, files.Select(file => file.Path!), restored.Write, isQuiet);
    }

    private void Unreadable(string path) => _messages.Error(
        $"/{path} cannot be restored from the newest archive", BorgHints.Damage(context));
}
