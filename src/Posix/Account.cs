using System.Globalization;
using System.Text;

namespace Assimilator.Posix;

/// <summary>A user as <c>/etc/passwd</c> has it.</summary>
internal sealed record Account(string Name, string Home)
{
    /// <summary>The user who runs this program, or null if <c>/etc/passwd</c> does not list one.</summary>
    public static readonly Account? Own = Find(LibC.EffectiveUserId().ToString(CultureInfo.InvariantCulture));

    private static Account? Find(string userId)
    {
        try
        {
            // Names may be in any encoding.
            return File.ReadLines("/etc/passwd", Encoding.Latin1).Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 5 && fields[2] == userId) is { } fields
                ? new(fields[0], fields[5]) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
