namespace Assimilator.Configuration;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The known name that takes the fewest typing mistakes to become the given one, if those are
    /// few.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var lower = name.ToLowerInvariant();
        var (nearest, distance) = known
            // Names whose lengths differ by more are further apart than that.
            .Where(candidate => Math.Abs(candidate.Length - lower.Length) <= Few(candidate, lower))
            .Select(candidate => (Name: candidate, Distance: Distance(lower, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        return distance <= Few(nearest, lower) ? nearest : null;
    }

    /// <summary>How many typing mistakes two names may be apart.</summary>
    private static int Few(string a, string b) => Math.Max(1, Math.Min(a.Length, b.Length) / 3);

    /// <summary>Levenshtein's distance; two neighbours that changed places count as one mistake.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 100)
            return int.MaxValue;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(
                    Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
