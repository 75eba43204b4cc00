using System.Text;

namespace Assimilator.Configuration;

/// <summary>A value in which <c>${NAME}</c> is replaced from the environment and <c>$$</c> by a dollar. A dollar in
/// front of anything else is a dollar.</summary>
/// <param name="Text">The result; null if there is none.</param>
/// <param name="Variables">The names of the variables that went in.</param>
internal sealed record VariableExpansion(string? Text, IReadOnlyList<string> Variables)
{
    public const string DollarHint = "write a literal dollar as '$$'";

    /// <summary>There is <c>${</c> without a name and <c>}</c> behind it.</summary>
    public bool IsMalformed { get; private init; }

    /// <summary>The first name that is not in the environment.</summary>
    public string? Unset { get; private init; }

    public static VariableExpansion Of(string value, IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder(value.Length);
        var variables = new List<string>();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '$' || i + 1 == value.Length || value[i + 1] is not ('$' or '{'))
            {
                text.Append(value[i]);
                continue;
            }
            if (value[++i] == '$')
            {
                text.Append('$');
                continue;
            }
            var end = value.IndexOf('}', i);
            var name = end < 0 ? "" : value[(i + 1)..end];
            if (name.Length == 0 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
                return new VariableExpansion(null, variables) { IsMalformed = true };
            if (!environment.TryGetValue(name, out var variable))
                return new VariableExpansion(null, variables) { Unset = name };
            variables.Add(name);
            text.Append(variable);
            i = end;
        }
        return new VariableExpansion(text.ToString(), variables);
    }
}
