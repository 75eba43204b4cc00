using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Metrics;
using Assimilator.Posix;
using Assimilator.Pushgateway;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[pushgateway]</c> and <c>[labels]</c>.</summary>
internal static partial class PushgatewayReader
{
    private const string ExpectedUrl = "expected 'http://host:port' or 'https://host:port'";

    /// <summary>Null without the section, or when anything in it is wrong: nothing is sent by half of what was
    /// meant.</summary>
    public static PushgatewaySettings? Read(ConfigurationValues values, string file)
    {
        if (!values.HasSection("pushgateway"))
            return null;
        var url = ReadUrl(values);
        var authorization = ReadAuthorization(values, file, url);
        values.Secrets.Add(authorization?.Split(' ')[1].TrimEnd('=') ?? "");
        var caFile = PathReader.ReadExistingFile(values, Schema.CaFile);
        if (caFile is not null && Certificates.Read(caFile) is null)
            values.Add(Schema.CaFile, $"{caFile} {TextFile.Read(caFile).Failure ?? "contains no PEM certificate"}");
        var clientCertificate = ClientCertificateReader.Read(values, url);
        var timeout = values.Get(Schema.PushTimeout);
        var retries = values.Get(Schema.Retries);
        if (url is null || values.HasProblemIn(Schema.Url.Section))
            return null;
        if (authorization is not null && PushTransport.WhereReadable(url) is { } place)
            values.Warn(Schema.Url,
                $"the password or token is sent to {place} unencrypted",
                "use https:// in url");
        if (PushTransport.UnusableProxy(url, values.Environment) is { } variable)
            values.Warn(Schema.Url, $"{variable} is not the address of a proxy, so the push goes without one",
                $"{variable}=http://host:port");
        if (PushTransport.IgnoredException(url, values.Environment) is { } exception)
            values.Warn(Schema.Url, $"'{PlainText.Excerpt(exception)}' in no_proxy has no effect, so the push goes "
                + $"through the proxy {PushTransport.ProxyFor(url)!.Authority}",
                $"name the host itself: no_proxy={url.Host}");
        return new PushgatewaySettings(WithoutUserInfo(url), authorization, caFile, clientCertificate, timeout,
            retries);
    }

    /// <summary>The labels that tell this backup's report from all others, in the gateway and in the
    /// textfile.</summary>
    public static IReadOnlyList<LabelPair> ReadGroupingLabels(
        ConfigurationValues values, string backupName, string instance) =>
    [
        new("job", values.Get(Schema.Job)!),
        new("instance", instance),
        new("backup", backupName),
        .. ReadLabels(values),
    ];

    private static List<LabelPair> ReadLabels(ConfigurationValues values)
    {
        var labels = new List<LabelPair>();
        foreach (var (entry, value) in values.List(Schema.Labels))
        {
            if (!IsLabelName(entry.Key) || entry.Key.StartsWith("__", StringComparison.Ordinal)
                || entry.Key.StartsWith("U__", StringComparison.Ordinal))
                values.Add(entry,
                    "expected a label name of letters, digits and '_', not beginning with a digit, '__' or 'U__'");
            else if (entry.Key.ToLowerInvariant() is
                "job" or "instance" or "backup" or "repository" or "stream" or "version" or "borg_version")
                values.Add(entry, "this label name is reserved",
                    "set job in [pushgateway] and instance in [backup]; backup is [backup] name, repository is the "
                        + "NAME of [repository.NAME], and stream is a key of [streams]");
            else
                labels.Add(new(entry.Key, value));
        }
        return labels;
    }

    private static Uri? ReadUrl(ConfigurationValues values)
    {
        var key = Schema.Url;
        if (values.Text(key) is not { } text)
        {
            if (!values.Has(key))
                values.Add(key, $"is missing, {ExpectedUrl}");
            return null;
        }
        if (WhyNoUrl(text, out var url) is { } problem)
            values.Add(key, problem.Message, problem.Hint);
        return url;
    }

    /// <summary>Why a text is not the base URL of a gateway. It is not shown: user info in it would be a
    /// password.</summary>
    /// <returns>Null if it is one.</returns>
    public static Problem? WhyNoUrl(string text, out Uri? url)
    {
        var problem = !Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("http" or "https")
            || url.Host.Length == 0
                ? new Problem(ExpectedUrl, !text.Contains("://", StringComparison.Ordinal)
                    ? "start it with http:// or https://"
                    : BadPort().IsMatch(text) ? "a port is a number up to 65535"
                    : null)
            : url.AbsolutePath.Contains('@', StringComparison.Ordinal)
                ? new($"{ExpectedUrl}, found a '/' before the '@'", "in a user name or password, write '/' as %2F")
            : url.Query.Length > 0 || url.Fragment.Length > 0 ? new($"{ExpectedUrl}, found a '?' or '#' in it")
            : MetricsPath().IsMatch(url.AbsolutePath) ? new("expected the base URL, without '/metrics' at the end")
            : null;
        if (problem is not null)
            url = null;
        return problem;
    }

    public static bool IsLabelName(string name) => LabelName().IsMatch(name);

    private static string? ReadAuthorization(ConfigurationValues values, string file, Uri? url)
    {
        var username = values.Text(Schema.Username);
        var password = SecretReader.ReadInline(values, Schema.Password, file);
        var passwordFromFile = SecretReader.ReadFile(values, Schema.PasswordFile);
        var token = SecretReader.ReadFile(values, Schema.BearerTokenFile);
        var hasUserInfo = url is { UserInfo.Length: > 0 };

        if (values.Has(Schema.Password) && values.Has(Schema.PasswordFile))
            values.Add(Schema.PasswordFile, "password is already set: use one of the two");
        var hasPassword = values.Has(Schema.Password) || values.Has(Schema.PasswordFile);
        if (values.Has(Schema.Username) != hasPassword)
            values.Add(hasPassword ? Schema.Username : Schema.Password,
                "is missing: basic authentication needs username and one of password, password_file");
        if (values.Has(Schema.BearerTokenFile) && (hasPassword || hasUserInfo))
            values.Add(Schema.BearerTokenFile, "basic authentication is already set: use one of the two");
        if (hasPassword && hasUserInfo)
            values.Add(Schema.Url, "already contains a user: set it there or in username and password, not both");
        if (hasUserInfo)
            SecretReader.RefuseReaders(values, Schema.Url, file, "use username and password_file");

        if (token is not null)
        {
            if (token.All(character => character is > ' ' and < '\x7f'))
                return $"Bearer {token}";
            values.Add(Schema.BearerTokenFile, "expected a token of printable ASCII characters");
            return null;
        }
        if (hasUserInfo)
            return Basic(Uri.UnescapeDataString(url!.UserInfo));
        return username is null ? null : Basic($"{username}:{password ?? passwordFromFile}");
    }

    private static string Basic(string userAndPassword) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))}";

    public static Uri WithoutUserInfo(Uri url) =>
        new(new UriBuilder(url) { UserName = "", Password = "" }.Uri.AbsoluteUri.TrimEnd('/'));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\Ahttps?://([^/@]*@)?(\[[^/\]]*\]|[^/:\[]*):[^/]")]
    private static partial Regex BadPort();

    [GeneratedRegex(@"/metrics(/.*)?\z")]
    private static partial Regex MetricsPath();
}
