using Assimilator.Borg;
using Assimilator.Processes;

namespace Assimilator.Run;

/// <summary>Cuts what borg extracts into files again, by the sizes that it listed, and compares each with its
/// source. Where one is different, or the output ends, it is not certain any more where a file begins: the rest is left
/// out.</summary>
/// <param name="files">In the order of the archive.</param>
internal sealed class RestoredFiles(IReadOnlyList<ListedFile> files, Interruption interruption) : IDisposable
{
    private SourceFile? _source;
    private long _left;

    /// <summary>Those that are the same as their source.</summary>
    public int Verified { get; private set; }

    /// <summary>Those that can be read, and have no source to be compared with.</summary>
    public int Read { get; private set; }

    /// <summary>The next file came, but is not the same as its source.</summary>
    public bool IsDifferent { get; private set; }

    /// <summary>How many files came.</summary>
    public int Count => Verified + Read;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Count < files.Count && !IsDifferent)
        {
            if (_source is null)
                (_source, _left) = (new SourceFile(files[Count], interruption), files[Count].Size!.Value);
            var length = (int)Math.Min(bytes.Length, _left);
            _source.Compare(bytes[..length]);
            bytes = bytes[length..];
            _left -= length;
            if (_left == 0)
                End();
        }
    }

    public void Dispose() => _source?.Dispose();

    private void End()
    {
        var comparison = _source!.End();
        _source.Dispose();
        _source = null;
        IsDifferent = comparison == Comparison.Different;
        Verified += comparison == Comparison.Same ? 1 : 0;
        Read += comparison == Comparison.Unknown ? 1 : 0;
    }
}
