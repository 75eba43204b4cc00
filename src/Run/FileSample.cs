using Assimilator.Borg;

namespace Assimilator.Run;

/// <summary>Files of an archive, chosen at random while borg lists them: each one with the same probability, whatever
/// their number.</summary>
/// <param name="mostBytes">Of all of them together; larger ones are never chosen.</param>
internal sealed class FileSample(int mostFiles, long mostBytes, Random random)
{
    private readonly List<Candidate> _chosen = [];
    private long _offered, _candidates;

    /// <summary>How many files have contents.</summary>
    public long WithContents { get; private set; }

    /// <summary>Files that a repair has filled with zeros: not to be restored.</summary>
    public List<string> Unhealthy { get; } = [];

    public void Offer(ListedFile file)
    {
        _offered++;
        if (file.Healthy == false)
            Unhealthy.Add(file.Path ?? "");
        WithContents += file.HasContents ? 1 : 0;
        if (file.Healthy == false || !file.HasContents || file.Size > mostBytes)
            return;
        _candidates++;
        if (_chosen.Count < mostFiles)
            _chosen.Add(new(_offered, file));
        else if (random.NextInt64(_candidates) is var slot && slot < mostFiles)
            _chosen[(int)slot] = new(_offered, file);
    }

    /// <summary>As many as may be read, in the order of the archive.</summary>
    public IReadOnlyList<ListedFile> Choose()
    {
        Candidate[] shuffled = [.. _chosen];
        // In the order of the archive, the first ones would push out the last.
        random.Shuffle(shuffled);
        var left = mostBytes;
        var fitting = new List<Candidate>();
        foreach (var candidate in shuffled)
        {
            if (candidate.File.Size > left)
                continue;
            left -= candidate.File.Size!.Value;
            fitting.Add(candidate);
        }
        fitting.Sort((one, other) => one.Place.CompareTo(other.Place));
        return fitting.ConvertAll(candidate => candidate.File);
    }

    private sealed record Candidate(long Place, ListedFile File);
}
