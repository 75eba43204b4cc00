using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Assimilator.Posix;

namespace Assimilator.Pushgateway;

/// <summary>Certificates in PEM, and what to say of one.</summary>
internal static class Certificates
{
    /// <summary>Those of all authorities of the world, with their names in front of each, have an eighth of
    /// it.</summary>
    private const int LongestBundle = 8 * 1024 * 1024;

    /// <summary>The certificates of a file, in its order.</summary>
    /// <returns>Null if the file cannot be read or holds something else.</returns>
    public static X509Certificate2Collection? Read(string path)
    {
        // What stands between certificates may be in any encoding.
        if (TextFile.Read(path, LongestBundle, encoding: Encoding.Latin1).Text is not { } text)
            return null;
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            return certificates.Count > 0 ? certificates : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Why a certificate is not valid now, to be read behind its name; or null.</summary>
    public static string? WhyNotNow(X509Certificate2 certificate, DateTime now)
    {
        var (begin, end) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return end < now ? $"expired on {Time(end)}" : begin > now ? $"is not valid before {Time(begin)}" : null;
    }

    public static string Time(DateTime time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm} UTC");
}
