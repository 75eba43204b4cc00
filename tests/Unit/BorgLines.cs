using System.Text;
using Assimilator.Borg;

namespace Assimilator.Tests.Unit;

/// <summary>What borg writes, as text.</summary>
internal static class BorgLines
{
    public static BorgLogLine? Parse(string line) => BorgLogLine.Parse(Encoding.UTF8.GetBytes(line));

    public static void Read(this BorgLog log, string line) => log.Read(Encoding.UTF8.GetBytes(line));
}
