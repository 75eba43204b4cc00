using System.Globalization;

namespace Assimilator.Tests.Unit;

/// <summary>Numbers as in de-DE for as long as this lives. Made by hand, because under InvariantGlobalization there is
/// no culture of that name.</summary>
internal sealed class GermanNumbers : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public GermanNumbers()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "−";
        CultureInfo.CurrentCulture = german;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
