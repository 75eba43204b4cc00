namespace Assimilator.Configuration;

/// <summary>The secrets that reading a configuration came across: no message is to show one, used or not, and no child
/// is to see the variables that they came from.</summary>
internal sealed class KnownSecrets
{
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);

    public KnownSecrets(IReadOnlyDictionary<string, string> environment)
    {
        _environment = environment;
        foreach (var (name, value) in environment)
        {
            if (name is "BORG_PASSPHRASE" or "BORG_NEW_PASSPHRASE" or "BORG_OTHER_PASSPHRASE")
                Add(value);
            // A user alone is no secret there: "repo" would be taken out of every message.
            else if (name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)
                && UserInfo(value).Contains(':', StringComparison.Ordinal))
                AddPassword(value);
        }
    }

    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>The names of the environment variables that secrets came from.</summary>
    public IReadOnlySet<string> Variables => _variables;

    public void Add(string secret) => _texts.Add(secret);

    /// <summary>Adds the value of a key that is a secret, or like a URL may hold one.</summary>
    /// <param name="written">As it stands in the file.</param>
    /// <param name="text">With its variables replaced, if that could be done.</param>
    public void Add(Key key, string written, string? text)
    {
        var value = text ?? written;
        if (key != Schema.Url)
            Add(value);
        else if (UserInfo(value).Length > 0)
            AddPassword(value);
        else
            return;
        _variables.UnionWith(VariableExpansion.Of(written, _environment).Variables);
    }

    /// <summary>Adds the password of a URL, or the user where that is all there is.</summary>
    private void AddPassword(string url)
    {
        var userInfo = UserInfo(url);
        var password = userInfo[(userInfo.IndexOf(':', StringComparison.Ordinal) + 1)..];
        Add(password);
        Add(Uri.UnescapeDataString(password));
    }

    /// <summary>What stands between scheme and host. A proxy need not have a scheme.</summary>
    private static string UserInfo(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var start = url.AsSpan(colon + 1).StartsWith("//") ? colon + 3 : 0;
        return url[start..Math.Max(start, url.LastIndexOf('@'))];
    }
}
